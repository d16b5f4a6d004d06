// Package render writes the rows of a query's result as text, one format a file.
//
// Every format works in two steps. First the columns of a batch are turned into text,
// column by column over the raw slices of the arrays ([cells]); how a format writes a
// NULL, a string or a time stamp is its dialect, and the values of a dictionary are
// written once. Then the format lays the cells out row by row.
//
// To add a format: a file here and a line in the table [Formats].
package render
