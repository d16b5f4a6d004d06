package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"sync"
	"syscall"
	"text/tabwriter"

	"tq/storage"
	"tq/storage/cache"
)

// cacheLimit is how many bytes the cache may take.
const cacheLimit = 8 << 30

// cache returns the folder of the cache; nil where the user wants none, or the system
// has no place for one.
func (o *options) cache() *cache.Dir {
	path := o.cacheDir
	if path == "" {
		var err error
		if path, err = cache.DefaultPath(); err != nil {
			return nil
		}
	}
	return cache.New(path, cacheLimit)
}

// takeCommand takes arguments that ask for something to be done with the cache: false when
// they do not.
func (o *options) takeCommand(args []string) bool {
	if len(args) != 2 || args[0] != "cache" || len(o.scripts) > 0 || args[1] != "list" && args[1] != "clear" {
		return false
	}
	o.cacheCommand = args[1]
	return true
}

// runCache lists or clears the cache.
func runCache(dir *cache.Dir, command string, out io.Writer) error {
	switch {
	case dir == nil:
		return errors.New("there is no place for a cache; --cache-dir names one")
	case command == "clear":
		n, size, err := dir.Clear()
		fmt.Fprintf(out, "%d captures removed, %s freed\n", n, sizeText(size))
		return err
	}
	list, err := dir.List()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	total := int64(0)
	for _, l := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\n", sizeText(l.Size), l.Used.Format("2006-01-02 15:04:05"), l.Path)
		total += l.Size
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d captures, %s in %s\n", len(list), sizeText(total), dir.Path())
	return err
}

func sizeText(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// offload reads captures in the background, moves large ones out of memory into the cache,
// and frees what that has taken. The function that it returns stops it.
func offload(ctx context.Context, catalog *storage.Catalog) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		for _, c := range catalog.Captures() {
			if c.Load(ctx) != nil {
				continue
			}
			if slices.Contains(catalog.Unsaved(), c) {
				_ = c.Offload(ctx) // what can't be saved stays where it is
			}
			debug.FreeOSMemory() // reading leaves much garbage behind
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// saveCaptures writes captures to the cache that are not there yet. The results have been
// written by then, and whoever reads them from a pipe sees their end first.
func saveCaptures(catalog *storage.Catalog, stdout *os.File) {
	captures := catalog.Unsaved()
	if len(captures) == 0 {
		return
	}
	if stdout == os.Stdout {
		stdout.Close()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	for _, c := range captures {
		// Without a cache, captures are read again.
		_ = c.Save(ctx)
	}
}
