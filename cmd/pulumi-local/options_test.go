package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseOptions(t *testing.T) {
	role := "arn:aws:iam::123456789012:role/ci/deployer"
	for _, row := range []struct {
		name        string
		words       []string
		environment map[string]string
		want        options
		rest        []string
		err         string
	}{
		{name: "none", words: []string{"up", "--caller", "x"}, rest: []string{"up", "--caller", "x"}},
		{name: "both spellings", words: []string{"--account-id", "210987654321", "--partition=aws-cn", "up"},
			want: options{accountID: "210987654321", partition: "aws-cn"}, rest: []string{"up"}},
		{name: "environment", environment: map[string]string{"PULUMI_LOCAL_CALLER": role}, words: []string{"up"},
			want: options{caller: role}, rest: []string{"up"}},
		{name: "billing", environment: map[string]string{"PULUMI_LOCAL_BILLING": "hidden"}, words: []string{"up"},
			want: options{billing: "hidden"}, rest: []string{"up"}},
		{name: "billing seen again", environment: map[string]string{"PULUMI_LOCAL_BILLING": "hidden"}, words: []string{"--billing=visible", "up"},
			want: options{billing: "visible"}, rest: []string{"up"}},
		{name: "billing in other words", words: []string{"--billing", "off", "up"},
			err: `--billing: "off" is not allowed; give hidden or visible`},
		{name: "flag wins", environment: map[string]string{"PULUMI_LOCAL_PARTITION": "aws-cn"},
			words: []string{"--partition=aws-us-gov"}, want: options{partition: "aws-us-gov"}, rest: []string{}},
		{name: "root", words: []string{"--caller=arn:aws:iam::123456789012:root"}, rest: []string{},
			want: options{caller: "arn:aws:iam::123456789012:root"}},
		{name: "help", words: []string{"--help", "up"}, want: options{help: true}},
		{name: "help of a command is the CLI's", words: []string{"up", "--help"}, rest: []string{"up", "--help"}},
		{name: "short id", words: []string{"--account-id=12345"},
			err: `--account-id: "12345" is not allowed; give 12 digits`},
		{name: "wrong partition", words: []string{"--partition", "china"},
			err: `--partition: "china" is not allowed; give aws, aws-cn, aws-us-gov`},
		{name: "session ARN", environment: map[string]string{"PULUMI_LOCAL_CALLER": "arn:aws:sts::123456789012:assumed-role/a/b"},
			err: `PULUMI_LOCAL_CALLER: "arn:aws:sts::123456789012:assumed-role/a/b" is not allowed; ` +
				`give the ARN of an IAM role or user, as arn:aws:iam::123456789012:role/ci/deployer`},
		{name: "missing value", words: []string{"--account-id"}, err: "--account-id: a value is missing; give 12 digits"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, rest, err := parseOptions(row.words, func(name string) (string, bool) {
				value, set := row.environment[name]
				return value, set
			})
			if row.err != "" {
				require.EqualError(t, err, row.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, row.want, got)
			require.Equal(t, row.rest, rest)
		})
	}
}

func TestHelpNamesEveryOption(t *testing.T) {
	for _, option := range optionTable {
		require.Contains(t, helpText, option.flag)
		require.Contains(t, helpText, option.variable)
	}
}
