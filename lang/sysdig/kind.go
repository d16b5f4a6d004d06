package sysdig

import (
	"github.com/apache/arrow/go/v17/arrow"
)

// kind is how a field is compared: sysdig's type of the field.
type kind uint8

const (
	text    kind = iota
	number       // a whole number
	decimal      // a number with a fraction
	span         // a length of time, compared as a number of nanoseconds
	instant      // a point in time, compared as nanoseconds since the epoch
	clock        // a point in time, compared as the text that sysdig prints
	flag         // true or false
	buffer       // bytes
	address      // an IP address
	network      // an IP address, compared with networks
	port         // a port, compared with numbers and names of services
)

// kindNames name the kinds in messages.
var kindNames = [...]string{
	text: "a text", number: "a number", decimal: "a number", span: "a number of nanoseconds",
	instant: "a number of nanoseconds", clock: "a text", flag: "true or false", buffer: "data", address: "an IP address",
	network: "an IP network", port: "a port",
}

// kindByName are the kinds of fields whose type does not tell it.
var kindByName = map[string]kind{
	"fd.ip": address, "fd.cip": address, "fd.sip": address, "fd.lip": address, "fd.rip": address,
	"fd.net": network, "fd.cnet": network, "fd.snet": network, "fd.lnet": network, "fd.rnet": network,
	"fd.port": port, "fd.cport": port, "fd.sport": port, "fd.lport": port, "fd.rport": port, "fd.proto": port,
	"evt.time": clock, "evt.time.s": clock, "evt.datetime": clock, "evt.datetime.s": clock, "evt.outputtime": clock,
}

// clockFormats are how sysdig prints points in time.
var clockFormats = map[string]string{
	"evt.time": "%H:%M:%S.%n", "evt.time.s": "%H:%M:%S", "evt.outputtime": "%H:%M:%S.%n",
	"evt.datetime": "%Y-%m-%d %H:%M:%S.%n", "evt.datetime.s": "%Y-%m-%d %H:%M:%S",
}

// comparedAs are the fields that are compared by another one.
var comparedAs = map[string]string{"fd.proto": "fd.port"}

// saysNA are the fields that sysdig gives the text <NA> where an event lacks them, with
// the field that tells such events from those that have no file descriptor at all.
var saysNA = map[string]string{"fd.l4proto": "fd.is_server"}

// notAvailable is what sysdig shows of a field that an event lacks.
const notAvailable = "<NA>"

// neverNull are the fields that every event has. A check of these fails just where its
// opposite holds.
var neverNull = map[string]bool{
	"evt.num": true, "evt.type": true, "evt.dir": true, "evt.rawtime": true, "evt.cpu": true, "evt.reltime": true,
}

// kindOf returns how a field of some type is compared, by its elements if it is a list.
func kindOf(name string, t arrow.DataType) kind {
	if k, ok := kindByName[name]; ok {
		return k
	}
	if list, ok := t.(*arrow.ListType); ok {
		t = list.Elem()
	}
	switch t.ID() {
	case arrow.BOOL:
		return flag
	case arrow.DURATION:
		return span
	case arrow.TIMESTAMP:
		return instant
	case arrow.BINARY:
		return buffer
	case arrow.FLOAT32, arrow.FLOAT64:
		return decimal
	case arrow.STRING, arrow.DICTIONARY:
		return text
	}
	return number
}

// services are the names that stand for ports, as in /etc/services.
var services = map[string]string{
	"ftp": "21", "ssh": "22", "telnet": "23", "smtp": "25", "domain": "53", "http": "80", "pop3": "110", "ntp": "123",
	"imap2": "143", "snmp": "161", "ldap": "389", "https": "443", "microsoft-ds": "445", "syslog": "514", "ldaps": "636",
	"imaps": "993", "pop3s": "995", "nfs": "2049", "mysql": "3306", "postgresql": "5432", "redis": "6379", "http-alt": "8080",
}
