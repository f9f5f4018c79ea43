package digestreport

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// TestEveryQuestionLooksAtTheWeek: from an hour before the week until the scheduled time, whenever the execution starts.
func TestEveryQuestionLooksAtTheWeek(t *testing.T) {
	m := machine(t, everything())
	want := map[string]any{
		"StartTime": float64(monday.Add(-169 * time.Hour).Unix()), "EndTime": float64(monday.Unix()), "LogGroupName": logGroup,
	}
	a := quiet()
	require.Equal(t, "SUCCEEDED", run(t, m, a).Status)
	require.Len(t, a.arguments[startCall], 4)
	for _, asked := range a.arguments[startCall] {
		delete(asked, "QueryString")
		assert.Equal(t, want, asked)
	}

	// Started by hand there is no scheduled time.
	a = quiet()
	started := monday.Add(time.Hour + 2*time.Second)
	execution, err := m.Run(map[string]any{}, statemachine.Options{Evaluator: jsonata{}, Task: a.call, Now: started})
	require.NoError(t, err)
	require.Equal(t, "SUCCEEDED", execution.Status, execution.Cause)
	assert.Equal(t, float64(started.Unix()), a.arguments[startCall][0]["EndTime"])
}

// TestQueriesAreWaitedFor: for an hour, not longer, and without asking all the time.
func TestQueriesAreWaitedFor(t *testing.T) {
	m := machine(t, everything())
	a := busy()
	a.polls = 300
	require.Equal(t, "SUCCEEDED", run(t, m, a).Status)
	assert.Equal(t, 301, a.asked["denied"])

	a = busy()
	a.polls = 1 << 30
	execution := run(t, m, a)
	assert.Equal(t, "Digest.Incomplete", execution.Error)
	assert.Contains(t, execution.Cause, "Denied calls: the query did not end within an hour")
	require.Len(t, a.published, 2, "what is known is told")
	var waited time.Duration
	for i, visit := range execution.Visits[1:] {
		if visit.State == "Answer" && execution.Visits[i].State == "Wait" {
			waited += visit.At.Sub(execution.Visits[i].At)
		}
	}
	assert.InDelta(t, 4*time.Hour.Minutes(), waited.Minutes(), 8, "four queries, an hour each")
	// An execution has at most 25,000 events, about ten of them per poll.
	assert.Less(t, len(execution.Visits)*10/3, 25000)
}

// TestDigestTriesAgain: a passing error costs time; a lasting one of a source is told in the digest and fails the execution,
// and one of publishing fails the execution, so that in either case an alert tells of it.
func TestDigestTriesAgain(t *testing.T) {
	m := machine(t, everything())
	for _, call := range []string{startCall, resultsCall, allRulesCall, insightCall, publishCall} {
		a := busy()
		a.failures = map[string]int{call: 5}
		assert.Equal(t, "SUCCEEDED", run(t, m, a).Status, call)
		require.Len(t, a.published, 2, call)

		a = busy()
		a.failures = map[string]int{call: 6}
		execution := run(t, m, a)
		assert.Equal(t, "FAILED", execution.Status, call)
		if call == publishCall {
			assert.Empty(t, a.published)
			assert.Equal(t, "SNS.AccessDeniedException", execution.Error)
			continue
		}
		assert.Equal(t, "Digest.Incomplete", execution.Error, call)
		require.Len(t, a.published, 2, call)
		assert.Contains(t, a.published[0]["Message"], "NOT KNOWN, AWS answered "+errorOf(call))
	}
}

// TestWhatIsNotKnownIsNeverZero: whichever source fails or is left out, its lines show no figure.
func TestWhatIsNotKnownIsNeverZero(t *testing.T) {
	lineOf := func(a *aws, name string) string {
		for _, line := range strings.Split(a.published[0]["Message"].(string), "\n") {
			if strings.Contains(line, name) {
				return line
			}
		}
		return ""
	}
	for call, names := range map[string][]string{
		startCall:    {"Calls by the root user", "Console sign-ins without MFA", "Denied calls", "New access keys"},
		allRulesCall: {"Rules of AWS Config"},
		insightCall:  {"Open findings"},
	} {
		failing := quiet()
		failing.failures = map[string]int{call: 1 << 30}
		run(t, machine(t, everything()), failing)
		left := everything()
		switch call {
		case startCall:
			left.LogGroupName = ""
		case allRulesCall:
			left.Config, left.ConfigAggregator = false, ""
		case insightCall:
			left.Findings = digest.NoFindings
		}
		without := quiet()
		require.Equal(t, "SUCCEEDED", run(t, machine(t, left), without).Status)
		assert.NotContains(t, without.calls, call)
		for _, name := range names {
			assert.True(t, strings.HasPrefix(lineOf(failing, name), "       ?  "+name), lineOf(failing, name))
			assert.True(t, strings.HasPrefix(lineOf(without, name), "       -  "+name), lineOf(without, name))
			assert.NotContains(t, lineOf(without, name), " 0 ")
		}
	}
}

// TestWithoutSlackThereIsOneMessage is for a hub without Slack.
func TestWithoutSlackThereIsOneMessage(t *testing.T) {
	a := busy()
	require.Equal(t, "SUCCEEDED", run(t, machineOf(t, everything(), nil), a).Status)
	require.Len(t, a.published, 1)
	assert.Equal(t, mailTopic, a.published[0]["TopicArn"])
}

// TestNothingWrittenByCallersBreaksTheMessage puts arbitrary text wherever somebody but AWS may choose it. The message keeps
// its lines, and has no character but harmless ones.
func TestNothingWrittenByCallersBreaksTheMessage(t *testing.T) {
	m := machine(t, everything())
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	written := func(string) string {
		alphabet := []rune("aZ0 \t\r\n\"'`\\/<>{}[]()%$&*_~|#@:;!?=+-.,^\x00\x1b\u202e\u2028é名😀")
		text := make([]rune, random.IntN(60))
		for i := range text {
			text[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(text)
	}
	week := func(name func(string) string) *aws {
		return &aws{
			rootUse: []row{{"calls", "1", "lastTime", name("t"), "address", name("a"), "eventName", name("n")}},
			signIns: []row{{"calls", "1", "lastTime", name("t"), "address", name("a"), "userIdentity.arn", name("n")}},
			denied:  []row{{"calls", "1", "kinds", "1", "lastTime", name("t"), "address", name("a"), "principal", name("n")}},
			newKeys: []row{{"calls", "1", "lastTime", name("t"), "address", name("a"), "owner", name("o"), "principal", name("n")}},
			pages:   []map[string]any{aggregated(rule(name("r"), "eu-west-1", 1, false))},
		}
	}
	plain := week(func(name string) string { return name })
	require.Equal(t, "SUCCEEDED", run(t, m, plain).Status)
	lines := strings.Count(plain.published[0]["Message"].(string), "\n")
	for range 60 {
		a := week(written)
		execution := run(t, m, a)
		require.Equal(t, "SUCCEEDED", execution.Status, "%s: %s", execution.Error, execution.Cause)
		mail := a.published[0]["Message"].(string)
		assert.Equal(t, lines, strings.Count(mail, "\n"), mail)
		for _, r := range mail {
			assert.True(t, r == '\n' || r >= ' ' && r <= '~', "%q in %s", r, mail)
		}
		assert.NotContains(t, mail, "<")
		assert.NotContains(t, mail, `"`)
		assert.Equal(t, 1, strings.Count(mail, "://"), "the console's link alone: %s", mail)
		chat := rendered(t, a.published[1]["Message"])
		assert.Equal(t, 2, strings.Count(chat, "```"), chat)
	}
}

// TestMessagesStayWithinLimits: the longest digest that can be. The Slack app cuts descriptions beyond 8,000 characters, SNS
// takes 256 KB, and so does a variable of Step Functions, which the run itself checks.
func TestMessagesStayWithinLimits(t *testing.T) {
	long := strings.Repeat("x", 600)
	a := &aws{severities: map[string]int{"CRITICAL": 9999999, "HIGH": 9999999, "MEDIUM": 9999999, "LOW": 9999999}}
	for range 100 {
		a.rootUse = append(a.rootUse, call(9999999, "2026-03-04T10:11:12Z", long, "eventName", long))
		a.signIns = append(a.signIns, call(9999999, "2026-03-04T10:11:12Z", long, "userIdentity.arn", long))
		a.denied = append(a.denied, call(9999999, "2026-03-04T10:11:12Z", long, "kinds", "9999", "principal", long))
		a.newKeys = append(a.newKeys, call(9999999, "2026-03-04T10:11:12Z", long, "owner", long, "principal", long))
	}
	for range 4 {
		var rules []map[string]any
		for i := range 100 {
			rules = append(rules, rule(strings.Repeat("r", 120)+string(rune('0'+i%10))+string(rune('0'+i/10)), "eu-west-1", 25, true))
		}
		a.pages = append(a.pages, aggregated(rules...))
	}
	execution := run(t, machine(t, everything()), a)
	require.Equal(t, "SUCCEEDED", execution.Status, "%s: %s", execution.Error, execution.Cause)
	var n struct{ Content struct{ Description string } }
	require.NoError(t, json.Unmarshal([]byte(a.published[1]["Message"].(string)), &n))
	assert.LessOrEqual(t, len(n.Content.Description), 8000)
	assert.LessOrEqual(t, len(a.published[0]["Message"].(string)), 256*1024)
}
