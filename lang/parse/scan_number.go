package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/source"
)

// durationUnits are what may follow a number directly.
var durationUnits = []string{"ns", "us", "µs", "μs", "ms", "s", "m", "min", "h", "d"}

// number scans a number or, with a unit directly behind it, a duration.
func (s *scanner) number() lexer.TokenType {
	start := s.at
	if s.text[s.at] == '0' {
		switch s.peek(1) {
		case 'x', 'X':
			return s.prefixed(start, isHexDigit)
		case 'b', 'B':
			return s.prefixed(start, func(c byte) bool { return c == '0' || c == '1' })
		}
	}
	s.digits()
	if s.peek(0) == '.' && s.peek(1) != '.' {
		s.at++
		s.digits()
	}
	if c := s.peek(0); c == 'e' || c == 'E' {
		sign := 0
		if c := s.peek(1); c == '+' || c == '-' {
			sign = 1
		}
		if isDigit(s.peek(1 + sign)) {
			s.at += 1 + sign
			s.digits()
		}
	}
	return s.unit(start)
}

func (s *scanner) digits() {
	for s.at < len(s.text) && (isDigit(s.text[s.at]) || s.text[s.at] == '_' && isDigit(s.peek(1))) {
		s.at++
	}
}

// prefixed scans 0x1F or 0b101.
func (s *scanner) prefixed(start int, isOne func(byte) bool) lexer.TokenType {
	s.at += 2
	first := s.at
	for s.at < len(s.text) && (isOne(s.text[s.at]) || s.text[s.at] == '_' && isOne(s.peek(1))) {
		s.at++
	}
	if end := s.wordEnd(); end > s.at || s.at == first {
		s.malformed(start, end)
	}
	return tokNumber
}

// unit looks at what follows a number directly.
func (s *scanner) unit(start int) lexer.TokenType {
	end := s.wordEnd()
	if end == s.at {
		return tokNumber
	}
	unit := s.text[s.at:end]
	for _, known := range durationUnits {
		if unit == known {
			s.at = end
			return tokDuration
		}
	}
	s.malformed(start, end)
	return tokNumber
}

// wordEnd returns where the name characters at the current place end.
func (s *scanner) wordEnd() int {
	end := s.at
	for end < len(s.text) && isNamePart(s.text[end]) {
		end++
	}
	return end
}

func (s *scanner) malformed(start, end int) {
	s.err = source.Errorf(source.Span{Start: start, End: end}, "%q is neither a number nor a duration", s.text[start:end])
	unit := strings.ToLower(s.text[min(s.at, end):end])
	switch {
	case unit == "":
	case strings.HasPrefix(unit, "mo"), strings.HasPrefix(unit, "y"), unit == "w":
		s.err.Hint = "the longest unit is d, a day of 24 hours"
	default:
		s.err.Hint = "the units are ns, us, ms, s, m, h and d, as in 250ms; a name can't begin with a digit"
	}
	s.at = end
}

// timePoint scans @17:01:26.375 or @+12.5s.
func (s *scanner) timePoint() lexer.TokenType {
	start := s.at
	s.at++
	ok := false
	if c := s.peek(0); c == '+' || c == '-' {
		s.at++
		ok = isDigit(s.peek(0)) && s.number() == tokDuration
	} else {
		ok = s.clock()
	}
	if end := s.wordEnd(); !ok || end > s.at {
		s.at = max(end, start+1)
		s.err = source.Errorf(source.Span{Start: start, End: s.at}, "this is no time point").
			WithHint("a time of day is written @17:01:26.375, a time since the capture's start @+12.5s, others TIMESTAMP '…'")
	}
	return tokTime
}

// clock scans hours, minutes and perhaps seconds.
func (s *scanner) clock() bool {
	parts := 0
	for isDigit(s.peek(0)) {
		s.digits()
		if parts++; parts == 3 || s.peek(0) != ':' || !isDigit(s.peek(1)) {
			break
		}
		s.at++
	}
	if parts == 3 && s.peek(0) == '.' && isDigit(s.peek(1)) {
		s.at++
		s.digits()
	}
	return parts >= 2
}
