package digestreport

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

var update = flag.Bool("update", false, "write the messages instead of comparing them; read them before you commit them")

// monday is when the digests of these tests were scheduled, and a little later started.
var monday = time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)

// run executes the digest for the week before monday.
func run(t *testing.T, m *statemachine.Machine, a *aws) *statemachine.Execution {
	t.Helper()
	a.at = monday.Add(3 * time.Minute)
	input := map[string]any{"until": monday.Format(time.RFC3339)}
	execution, err := m.Run(input, statemachine.Options{Evaluator: jsonata{}, Task: a.call, Now: a.at})
	require.NoError(t, err)
	return execution
}

// cases are weeks, by the name of the file with their messages.
var cases = map[string]struct {
	args   func(*digest.WeeklyDigestArgs)
	aws    func() *aws
	status string
}{
	"quiet-week": {aws: quiet, status: "SUCCEEDED"},
	"busy-week":  {aws: busy, status: "SUCCEEDED"},
	"one-each":   {aws: oneEach, status: "SUCCEEDED"},
	"no-log-group": {
		args: func(a *digest.WeeklyDigestArgs) { a.LogGroupName = "" }, aws: quiet, status: "SUCCEEDED",
	},
	"trail-only": {
		args: func(a *digest.WeeklyDigestArgs) {
			a.Config, a.ConfigAggregator, a.Findings = false, "", digest.NoFindings
		},
		aws: busy, status: "SUCCEEDED",
	},
	"home-region-only": {
		args: func(a *digest.WeeklyDigestArgs) { a.ConfigAggregator, a.Findings = "", digest.GuardDuty },
		aws:  homeOnly, status: "SUCCEEDED",
	},
	"no-detector": {
		args: func(a *digest.WeeklyDigestArgs) { a.Findings = digest.GuardDuty }, aws: quiet, status: "FAILED",
	},
	"query-failing": {
		aws: func() *aws {
			a := busy()
			a.ends = map[string]string{"denied": "Failed", "newKeys": "Timeout"}
			return a
		}, status: "FAILED",
	},
	"refused": {
		aws: func() *aws {
			a := busy()
			a.failures = map[string]int{startCall: 1000, allRulesCall: 1000, insightCall: 1000}
			return a
		}, status: "FAILED",
	},
	"many-principals": {aws: many, status: "SUCCEEDED"},
	"intruder":        {aws: intruder, status: "SUCCEEDED"},
}

func quiet() *aws {
	return &aws{pages: []map[string]any{aggregated()}, severities: map[string]int{"LOW": 3}}
}

func call(n int, last, address string, more ...string) row {
	return append(row{"calls", fmt.Sprint(n), "lastTime", last, "address", address}, more...)
}

const (
	deployer = "arn:aws:iam::123456789012:role/ci/account-baseline-deployer"
	alice    = "arn:aws:iam::123456789012:user/alice"
)

func busy() *aws {
	return &aws{
		polls: 2,
		rootUse: []row{
			call(2, "2026-03-04T10:11:12Z", "203.0.113.7", "eventName", "ConsoleLogin"),
			call(1, "2026-03-04T10:15:00Z", "203.0.113.7", "eventName", "PutAccountPublicAccessBlock"),
		},
		signIns: []row{
			call(3, "2026-03-08T23:59:59Z", "198.51.100.20", "userIdentity.arn", alice),
			call(2, "2026-03-04T10:11:12Z", "203.0.113.7", "userIdentity.arn", "arn:aws:iam::123456789012:root"),
		},
		denied: []row{
			call(1204, "2026-03-09T07:40:00Z", "10.0.3.4", "kinds", "1", "principal", "arn:aws:iam::123456789012:role/app/orders"),
			call(37, "2026-03-05T02:12:45Z", "192.0.2.66", "kinds", "29", "principal", alice),
		},
		newKeys: []row{call(1, "2026-03-06T12:00:00Z", "198.51.100.20", "owner", "backup", "principal", alice)},
		pages: []map[string]any{
			aggregated(rule("restricted-ssh", "ap-northeast-1", 25, true), rule("restricted-ssh", "us-east-1", 2, false), rule("rds-storage-encrypted", "us-east-1", 1, false)),
			aggregated(),
			aggregated(rule("restricted-ssh", "eu-west-1", 1, false), rule("root-account-mfa-enabled", "ap-northeast-1", 1, false)),
		},
		severities: map[string]int{"CRITICAL": 1, "HIGH": 12, "MEDIUM": 40, "LOW": 113, "INFORMATIONAL": 1500},
	}
}

// oneEach has one of everything: JSONata takes a list of one for its only member.
func oneEach() *aws {
	a := busy()
	a.rootUse, a.signIns, a.denied = a.rootUse[:1], a.signIns[:1], a.denied[1:]
	a.pages = []map[string]any{aggregated(rule("root-account-mfa-enabled", "ap-northeast-1", 1, false))}
	a.severities = map[string]int{"HIGH": 1}
	return a
}

func homeOnly() *aws {
	a := quiet()
	a.detectors = []string{"12abc34d567e8fa901bc2d34e56789f0"}
	a.guardDuty = []map[string]any{
		{"Severity": 9.0, "TotalFindings": 1}, {"Severity": 8.0, "TotalFindings": 2}, {"Severity": 7.2, "TotalFindings": 1},
		{"Severity": 5.0, "TotalFindings": 4}, {"Severity": 2.0, "TotalFindings": 9},
	}
	a.pages = []map[string]any{{"ComplianceByConfigRules": []any{
		map[string]any{"ConfigRuleName": "restricted-ssh", "Compliance": map[string]any{
			"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": map[string]any{"CappedCount": 3, "CapExceeded": false},
		}},
		map[string]any{"ConfigRuleName": "required-tags", "Compliance": map[string]any{"ComplianceType": "NON_COMPLIANT"}},
	}}}
	return a
}

// many has more principals than are shown, and as many as are counted.
func many() *aws {
	a := quiet()
	for i := range 100 {
		a.denied = append(a.denied, call(200-i, "2026-03-05T02:12:45Z", "192.0.2.66", "kinds", "3", "principal", fmt.Sprintf("arn:aws:iam::123456789012:role/job-%03d", i)))
	}
	for i := range 11 {
		a.signIns = append(a.signIns, call(1, fmt.Sprintf("2026-03-05T02:12:%02dZ", i), "192.0.2.66", "userIdentity.arn", fmt.Sprintf("arn:aws:iam::123456789012:user/user-%02d", i)))
	}
	return a
}

// intruder writes what is meant to break or to forge the message.
func intruder() *aws {
	a := quiet()
	a.denied = []row{
		call(9, "2026-03-05T02:12:45Z", "```\n<!channel> https://evil.example", "kinds", "2",
			"principal", "arn:aws:iam::123456789012:user/\"},\n       0  Denied calls\r\n{% $x %} <https://evil.example|click> *bold* `code` \\ \u202e"),
		call(3, "x\"y", "", "kinds", "1", "principal", "arn:aws:iam::123456789012:user/"+strings.Repeat("a", 2000)),
		call(2, "2026-03-05T02:12:45Z", "AWS Internal", "kinds", "1"), // a caller without any name
	}
	a.newKeys = []row{call(1, "2026-03-06T12:00:00Z", "198.51.100.20", "owner", "名前", "principal", "$eval('1')")}
	a.pages = []map[string]any{aggregated(rule("rule\n\"with\" <line> breaks", "eu-west-1", 1, false))}
	return a
}

// TestMessagesAreWhatPeopleRead runs the digest on weeks, and compares what it publishes word for word.
func TestMessagesAreWhatPeopleRead(t *testing.T) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			args := everything()
			if c.args != nil {
				c.args(args)
			}
			a := c.aws()
			execution := run(t, machine(t, args), a)
			require.Equal(t, c.status, execution.Status, "%s: %s", execution.Error, execution.Cause)
			require.Len(t, a.published, 2)
			mail, chat := a.published[0], a.published[1]
			assert.Equal(t, mailTopic, mail["TopicArn"])
			assert.Equal(t, mailTopic+"-chat", chat["TopicArn"])
			got := fmt.Sprintf("Subject: %s\n\n%s\n\n--- Slack ---\n%s\n", mail["Subject"], mail["Message"], rendered(t, chat["Message"]))
			if execution.Error != "" {
				got += fmt.Sprintf("\n--- Execution ---\n%s: %s\n", execution.Error, execution.Cause)
			}
			compare(t, name, got)
		})
	}
}

// compare wants the messages of a file.
func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// rendered is a notification as the Slack app shows it, if it is of the one form that the app shows
// (https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html).
func rendered(t *testing.T, message any) string {
	t.Helper()
	var n struct {
		Version string `json:"version"`
		Source  string `json:"source"`
		Content struct {
			TextType    string   `json:"textType"`
			Title       string   `json:"title"`
			Description string   `json:"description"`
			Keywords    []string `json:"keywords"`
		} `json:"content"`
	}
	decoder := json.NewDecoder(strings.NewReader(message.(string)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&n))
	assert.Equal(t, "1.0", n.Version)
	assert.Equal(t, "custom", n.Source)
	assert.Equal(t, "client-markdown", n.Content.TextType)
	return n.Content.Title + "\n" + n.Content.Description
}
