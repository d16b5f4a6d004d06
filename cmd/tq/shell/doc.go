// Package shell is tq's interactive loop: it gathers lines to statements, keeps their
// history, answers dot-commands and hands statements to an [Engine], which is the
// session that also runs scripts.
//
// The loop (shell.go) reads through the interface [Lines]; terminal.go implements it on
// readline, the only place that knows that library. While a line is typed, complete.go
// offers endings and highlight.go colours it; both look at the tokens of the statement so
// far. A dot-command is one entry of the slice in commands.go, with a statement that it
// stands for or a method in the commands_*.go of its kind.
package shell
