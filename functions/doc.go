// Package functions holds every function, operator and aggregate of the language as
// data: names, signatures, null policy, documentation, an example and its result,
// and the body that computes it. lang/sem reads the signatures to resolve calls;
// exec runs the bodies. Neither is known here, nor is storage.
//
// To add a function: one [Def] literal in the file of its family. Its example runs as
// a test, and it appears in SHOW FUNCTIONS, .help and GRAMMAR.md by itself.
// Registration is by the explicit slices listed in registry.go.
package functions
