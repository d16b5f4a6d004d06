// Command tq asks questions of system-call captures in SQL.
//
// The way of a run: flags.go reads the command line, main.go opens the inputs and
// chooses between statements and the shell; a session runs statements one by one
// (session.go) with its settings and parameters, compiles and runs queries (query.go)
// and writes their rows in a format of the package render. The package shell is the
// interactive loop around the same session, queries the library of saved queries.
//
// Data goes to standard output, everything else to standard error; exit.go lists what
// the exit codes mean.
package main
