package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// options are pulumi-local's own: who deploys, and into which account.
type options struct {
	accountID string // 12 digits; "" leaves it to the simulated account
	partition string // "" leaves it to the simulated account
	caller    string // ARN of an IAM principal; "" leaves it to the simulated account
	billing   string // hidden or visible: whether IAM users and roles see the bill; "" leaves it as it is
	help      bool
}

// option is one option with its two spellings and its limit.
type option struct {
	flag, variable string
	field          func(*options) *string
	valid          func(string) bool
	want           string
}

// What IAM users and roles see of the bill: in a new account of AWS nothing, until the root user activates it
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_billing.html).
const (
	billingHidden  = "hidden"
	billingVisible = "visible"
)

var (
	accountIDs = regexp.MustCompile(`^[0-9]{12}$`)
	partitions = []string{"aws", "aws-cn", "aws-us-gov"}
	// The forms of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
	principals = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:((role|user)/[\x21-\x7e]+|root)$`)
)

var optionTable = []option{
	{"--account-id", "PULUMI_LOCAL_ACCOUNT_ID", func(o *options) *string { return &o.accountID },
		accountIDs.MatchString, "12 digits"},
	{"--partition", "PULUMI_LOCAL_PARTITION", func(o *options) *string { return &o.partition },
		func(v string) bool { return slices.Contains(partitions, v) }, strings.Join(partitions, ", ")},
	{"--billing", "PULUMI_LOCAL_BILLING", func(o *options) *string { return &o.billing },
		func(v string) bool { return v == billingHidden || v == billingVisible }, billingHidden + " or " + billingVisible},
	{"--caller", "PULUMI_LOCAL_CALLER", func(o *options) *string { return &o.caller },
		principals.MatchString, "the ARN of an IAM role or user, as arn:aws:iam::123456789012:role/ci/deployer"},
}

// parseOptions takes pulumi-local's own options from the environment and from the front of the command line, and returns
// the words that are left: the CLI's.
func parseOptions(words []string, lookup func(string) (string, bool)) (options, []string, error) {
	var parsed options
	for _, option := range optionTable {
		if value, set := lookup(option.variable); set && value != "" {
			if err := option.set(&parsed, option.variable, value); err != nil {
				return options{}, nil, err
			}
		}
	}
	for len(words) > 0 {
		if words[0] == "-h" || words[0] == "--help" {
			parsed.help = true
			return parsed, nil, nil
		}
		name, value, inline := strings.Cut(words[0], "=")
		index := slices.IndexFunc(optionTable, func(o option) bool { return o.flag == name })
		if index < 0 {
			break
		}
		words = words[1:]
		if !inline {
			if len(words) == 0 {
				return options{}, nil, fmt.Errorf("%s: a value is missing; give %s", name, optionTable[index].want)
			}
			value, words = words[0], words[1:]
		}
		if err := optionTable[index].set(&parsed, name, value); err != nil {
			return options{}, nil, err
		}
	}
	return parsed, words, nil
}

func (o option) set(parsed *options, name, value string) error {
	if !o.valid(value) {
		return fmt.Errorf("%s: %q is not allowed; give %s", name, value, o.want)
	}
	*o.field(parsed) = value
	return nil
}
