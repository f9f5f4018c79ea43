package policyeval

import (
	"encoding/base64"
	"fmt"
	"math/big"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// operator compares one value of the request with one value of the policy.
type operator struct {
	// negated operators are true when no value of the policy matches.
	negated bool
	// variables tells whether the policy's value may hold policy variables.
	variables bool
	// wildcards tells whether * and ? in the policy's value are wildcards.
	wildcards bool
	// check refuses policy values that the operator can never compare.
	check func(operand string) error
	match func(operand []glyph, value string) bool
}

// operators are all of IAM's condition operators; Null is apart because it tests the key, not its values.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[string]operator{
	"StringEquals":              {variables: true, match: equalText},
	"StringNotEquals":           {variables: true, match: equalText, negated: true},
	"StringEqualsIgnoreCase":    {variables: true, match: equalFold},
	"StringNotEqualsIgnoreCase": {variables: true, match: equalFold, negated: true},
	"StringLike":                {variables: true, wildcards: true, match: matches},
	"StringNotLike":             {variables: true, wildcards: true, match: matches, negated: true},

	"NumericEquals":            numeric(func(c int) bool { return c == 0 }, false),
	"NumericNotEquals":         numeric(func(c int) bool { return c == 0 }, true),
	"NumericLessThan":          numeric(func(c int) bool { return c < 0 }, false),
	"NumericLessThanEquals":    numeric(func(c int) bool { return c <= 0 }, false),
	"NumericGreaterThan":       numeric(func(c int) bool { return c > 0 }, false),
	"NumericGreaterThanEquals": numeric(func(c int) bool { return c >= 0 }, false),

	"DateEquals":            date(func(c int) bool { return c == 0 }, false),
	"DateNotEquals":         date(func(c int) bool { return c == 0 }, true),
	"DateLessThan":          date(func(c int) bool { return c < 0 }, false),
	"DateLessThanEquals":    date(func(c int) bool { return c <= 0 }, false),
	"DateGreaterThan":       date(func(c int) bool { return c > 0 }, false),
	"DateGreaterThanEquals": date(func(c int) bool { return c >= 0 }, false),

	"Bool":         {variables: true, check: checkBool, match: equalFold},
	"BinaryEquals": {check: checkBinary, match: equalBinary},
	"IpAddress":    {check: checkAddress, match: containsAddress},
	"NotIpAddress": {check: checkAddress, match: containsAddress, negated: true},

	// ArnEquals and ArnLike behave identically.
	"ArnEquals":    {variables: true, wildcards: true, match: likeARN},
	"ArnLike":      {variables: true, wildcards: true, match: likeARN},
	"ArnNotEquals": {variables: true, wildcards: true, match: likeARN, negated: true},
	"ArnNotLike":   {variables: true, wildcards: true, match: likeARN, negated: true},
}

func equalText(operand []glyph, value string) bool { return text(operand) == value }

func equalFold(operand []glyph, value string) bool { return strings.EqualFold(text(operand), value) }

// likeARN lets a lone * match, which has no components to compare.
func likeARN(operand []glyph, value string) bool {
	if len(operand) == 1 && operand[0].wild == anyNumber {
		return true
	}
	return matchesARN(operand, value)
}

var decimal = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)

// parseNumber is exact: 15 digits of a float64 are too few for byte counts and ids.
func parseNumber(s string) (*big.Rat, bool) {
	if !decimal.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func numeric(holds func(comparison int) bool, negated bool) operator {
	return operator{
		negated: negated,
		check: func(operand string) error {
			if _, ok := parseNumber(operand); !ok {
				return fmt.Errorf("%q is not a number", operand)
			}
			return nil
		},
		match: func(operand []glyph, value string) bool {
			limit, _ := parseNumber(text(operand))
			number, ok := parseNumber(value)
			return ok && holds(number.Cmp(limit))
		},
	}
}

// dateLayouts are the W3C profile of ISO 8601; Go accepts a fraction of a second after any of the seconds.
// https://www.w3.org/TR/NOTE-datetime
var dateLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"}

var epochSeconds = regexp.MustCompile(`^[0-9]{5,12}$`)

func parseDate(s string) (time.Time, bool) {
	if epochSeconds.MatchString(s) {
		seconds, _ := new(big.Int).SetString(s, 10)
		return time.Unix(seconds.Int64(), 0), true
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func date(holds func(comparison int) bool, negated bool) operator {
	return operator{
		negated: negated,
		check: func(operand string) error {
			if _, ok := parseDate(operand); !ok {
				return fmt.Errorf("%q is neither an ISO 8601 date nor seconds since 1970", operand)
			}
			return nil
		},
		match: func(operand []glyph, value string) bool {
			limit, _ := parseDate(text(operand))
			at, ok := parseDate(value)
			return ok && holds(at.Compare(limit))
		},
	}
}

func checkBool(operand string) error {
	if !strings.EqualFold(operand, "true") && !strings.EqualFold(operand, "false") {
		return fmt.Errorf("%q is neither true nor false", operand)
	}
	return nil
}

func checkBinary(operand string) error {
	if _, err := base64.StdEncoding.DecodeString(operand); err != nil {
		return fmt.Errorf("%q is not base64", operand)
	}
	return nil
}

// equalBinary compares the bytes of the request's value with what the policy's base64 text encodes.
func equalBinary(operand []glyph, value string) bool {
	decoded, err := base64.StdEncoding.DecodeString(text(operand))
	return err == nil && string(decoded) == value
}

// parseRange reads a CIDR block; an address alone is a block of its own.
func parseRange(s string) (netip.Prefix, bool) {
	if prefix, err := netip.ParsePrefix(s); err == nil {
		return prefix.Masked(), true
	}
	address, err := netip.ParseAddr(s)
	if err != nil || address.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(address, address.BitLen()), true
}

func checkAddress(operand string) error {
	if _, ok := parseRange(operand); !ok {
		return fmt.Errorf("%q is neither an IP address nor a CIDR block", operand)
	}
	return nil
}

func containsAddress(operand []glyph, value string) bool {
	block, ok := parseRange(text(operand))
	address, err := netip.ParseAddr(value)
	return ok && err == nil && block.Contains(address.Unmap())
}
