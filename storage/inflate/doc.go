// Package inflate decompresses gzip from one piece of memory into another, as fast as one
// processor can: what was inflated is its own window, input is looked at eight bytes at a
// time, and most symbols take one look into a table. It follows RFC 1951 and RFC 1952, and
// in the form of its tables E. Biggers' libdeflate.
package inflate
