package shell

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// defaultPager scrolls sideways, keeps colours, and leaves at once when all fits.
const defaultPager = "less -SRFX"

// Page shows on the terminal what write writes, through the user's pager: $TQ_PAGER,
// $PAGER or less. write is as fast as the pager reads; its context ends when the user
// leaves the pager, which is no error.
func Page(ctx context.Context, out, errs io.Writer, write func(ctx context.Context, w io.Writer) error) error {
	command := defaultPager
	for _, name := range []string{"PAGER", "TQ_PAGER"} {
		if v := strings.TrimSpace(os.Getenv(name)); v != "" {
			command = v
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pager := exec.Command("sh", "-c", command)
	pager.Stdout, pager.Stderr = out, errs
	stdin, err := pager.StdinPipe()
	if err != nil {
		return err
	}
	if err := pager.Start(); err != nil {
		return errors.Join(err, write(ctx, out))
	}
	left := make(chan error, 1)
	go func() {
		left <- pager.Wait()
		cancel()
	}()
	err = write(ctx, stdin)
	stdin.Close()
	if <-left; errors.Is(err, context.Canceled) || errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
