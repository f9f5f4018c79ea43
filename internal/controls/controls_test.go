package controls

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/checklist"
	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// span is PREFIX1 to PREFIXn.
func span(format string, n int) (ids []string) {
	for i := 1; i <= n; i++ {
		ids = append(ids, fmt.Sprintf(format, i))
	}
	return ids
}

func idsOf(of func(Control) []string) (ids []string) {
	for _, c := range Controls() {
		ids = append(ids, of(c)...)
	}
	return ids
}

// TestEveryRecommendationHasARow: the lists are those of the benchmarks' tables of contents.
func TestEveryRecommendationHasARow(t *testing.T) {
	for _, tt := range []struct {
		benchmark string
		have      []string
		want      []string
	}{
		{
			"CIS v3.0.0", idsOf(func(c Control) []string { return c.CIS3 }),
			slices.Concat(span("1.%d", 22), span("2.1.%d", 4), span("2.2.%d", 1), span("2.3.%d", 3), span("2.4.%d", 1), span("3.%d", 9), span("4.%d", 16), span("5.%d", 6)),
		},
		{
			"CIS v5.0.0", idsOf(func(c Control) []string { return c.CIS5 }),
			slices.Concat(span("1.%d", 21), span("2.1.%d", 4), span("2.2.%d", 4), span("2.3.%d", 1), span("3.%d", 9), span("4.%d", 16), span("5.1.%d", 2),
				[]string{"5.2", "5.3", "5.4", "5.5", "5.6", "5.7"}),
		},
		{
			"CIS v7.0.0", idsOf(func(c Control) []string { return c.CIS7 }),
			slices.Concat(span("2.1.%d", 3), span("2.%d", 21)[1:], span("3.1.%d", 4), span("3.2.%d", 4), span("3.3.%d", 1), span("4.%d", 9), span("5.%d", 16),
				span("6.1.%d", 2), span("6.%d", 8)[1:]),
		},
		{"SSB", idsOf(func(c Control) []string { return c.SSB }), slices.Concat(span("ACCT.%02d", 17), span("WKLD.%02d", 15))},
	} {
		assert.ElementsMatch(t, tt.want, tt.have, tt.benchmark)
	}
}

// TestControlsOfSecurityHubsCISStandard: the 40 controls that Security Hub checks for CIS v5.0.0 stand in rows of CIS.
func TestControlsOfSecurityHubsCISStandard(t *testing.T) {
	assert.Len(t, inCIS5, 40)
	for id := range inCIS5 {
		assert.True(t, slices.ContainsFunc(Controls(), func(c Control) bool {
			return len(c.CIS5) > 0 && slices.Contains(c.SecurityHub, id)
		}), id)
	}
}

func TestIDsAreUnique(t *testing.T) {
	for name, ids := range map[string][]string{
		"CIS 3": idsOf(func(c Control) []string { return c.CIS3 }), "CIS 5": idsOf(func(c Control) []string { return c.CIS5 }),
		"CIS 7": idsOf(func(c Control) []string { return c.CIS7 }), "Security Hub": idsOf(func(c Control) []string { return c.SecurityHub }),
		"own": idsOf(func(c Control) []string { return []string{c.Own} }),
	} {
		slices.Sort(ids)
		for i := 1; i < len(ids); i++ {
			if ids[i] != "" && ids[i] == ids[i-1] {
				t.Errorf("%s: %s has two rows", name, ids[i])
			}
		}
	}
}

// TestRowsAreComplete: a row that can be satisfied or detected names its proof, one that cannot be satisfied says why, and
// checks of the same words, by which results are kept, say the same.
func TestRowsAreComplete(t *testing.T) {
	words := map[string]string{}
	for _, c := range Controls() {
		checks := slices.Concat(c.keeps, c.meets, c.finds)
		assert.NotEmpty(t, c.Title)
		if len(c.keeps)+len(c.meets) > 0 || slices.ContainsFunc(c.finds, func(f check) bool { return !strings.HasPrefix(f.what, "control of Security Hub") }) {
			assert.NotEmpty(t, c.Test, c.Title)
		}
		if len(c.meets) == 0 {
			assert.NotEmpty(t, c.Limit, c.Title)
		}
		for _, k := range checks {
			assert.NotEmpty(t, k.what, c.Title)
			_, lack := k.run(read(nil))
			if before, known := words[k.what]; known {
				assert.Equal(t, before, lack, k.what)
			}
			words[k.what] = lack
		}
	}
}

var testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// TestNamedTestsExist: a renamed test would leave the map without its proof.
func TestNamedTestsExist(t *testing.T) {
	exist := map[string]bool{}
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".." && path != "../..":
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		for _, found := range testFunction.FindAllStringSubmatch(string(source), -1) {
			exist[found[1]] = true
		}
		return err
	}))
	require.NotEmpty(t, exist)
	for _, c := range Controls() {
		assert.True(t, c.Test == "" || exist[c.Test], "%s: there is no test %s", c.Title, c.Test)
	}
}

var checklistStep = regexp.MustCompile(`checklist steps? ([\w, ]+)`)

func TestNamedStepsOfTheChecklistExist(t *testing.T) {
	for _, c := range Controls() {
		if found := checklistStep.FindStringSubmatch(c.ByHand); found != nil {
			for name := range strings.SplitSeq(found[1], ", ") {
				assert.True(t, slices.ContainsFunc(checklist.Steps, func(s checklist.Step) bool { return s.Name == name }), "%s: %s", c.Title, name)
			}
		}
	}
}

// TestControlsNeedNoEngine: a report can be made from declarations alone.
func TestControlsNeedNoEngine(t *testing.T) {
	packages, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	for name := range strings.FieldsSeq(string(packages)) {
		assert.False(t, strings.Contains(name, "pulumi/"), name)
	}
}

func TestNothingDeclaredSatisfiesNothing(t *testing.T) {
	for _, v := range Judge(nil) {
		assert.Contains(t, []Status{ByHand, NotCovered}, v.Status, v.Title)
		assert.NotEmpty(t, v.Why, v.Title)
		assert.Empty(t, v.Evidence, v.Title)
	}
}

// TestEveryCoveredRegionCounts: a Region with a recorder and no detector is a gap, one that only forwards its events is not.
func TestEveryCoveredRegionCounts(t *testing.T) {
	in := func(typ, region string, inputs map[string]any) declared.Resource {
		return declared.Resource{Type: typ, Name: "x", Region: region, Inputs: inputs}
	}
	resources := []declared.Resource{
		in(detectorType, "eu-west-1", nil), in(recorderType, "eu-west-1", nil), in(eventRuleType, "us-east-1", nil),
	}
	found, lack := detectors.run(read(resources))
	assert.Equal(t, []string{"x (eu-west-1)"}, found)
	assert.Empty(t, lack)

	_, lack = detectors.run(read(append(resources, in(recorderType, "us-west-2", nil))))
	assert.Equal(t, "no detector in us-west-2", lack)
	_, lack = detectors.run(read(append(resources, in(detectorType, "us-west-2", map[string]any{"enable": false}))))
	assert.Equal(t, "x (us-west-2) is off", lack)
}

func TestStatuses(t *testing.T) {
	yes := check{"yes", func(*declaration) ([]string, string) { return []string{"r"}, "" }}
	no := check{"no", func(*declaration) ([]string, string) { return nil, "nothing there" }}
	for _, tt := range []struct {
		name string
		c    Control
		want Status
		why  string
	}{
		{"met", Control{keeps: []check{yes}, meets: []check{yes}, finds: []check{no}}, Satisfied, ""},
		{"met in part", Control{meets: []check{yes, no}}, NotCovered, "nothing there"},
		{"found", Control{Limit: "not ours", finds: []check{no, yes}}, Detected, "not ours"},
		{"to be met, but found", Control{meets: []check{no}, finds: []check{yes}}, Detected, "nothing there"},
		{"left to people", Control{ByHand: "do it", Limit: "no API", finds: []check{no}}, ByHand, "no API"},
		{"not at all", Control{Limit: "not ours", finds: []check{no}}, NotCovered, "not ours; nothing there"},
		{"broken by the baseline itself", Control{ByHand: "do it", keeps: []check{no}, meets: []check{yes}, finds: []check{yes}}, NotCovered, "nothing there"},
		{"kept by the baseline alone", Control{keeps: []check{yes}, finds: []check{no}}, NotCovered, "nothing there; what the baseline itself declares meets it"},
	} {
		v := tt.c.judge(read(nil))
		assert.Equal(t, tt.want, v.Status, tt.name)
		assert.Equal(t, tt.why, v.Why, tt.name)
		assert.Equal(t, tt.want == Satisfied || tt.want == Detected, len(v.Evidence) > 0, tt.name)
	}
}

// TestSeveritiesOfFindingsHaveNoGap tries bands of alerts.
func TestSeveritiesOfFindingsHaveNoGap(t *testing.T) {
	for _, tt := range []struct{ numeric, want string }{
		{`[">=",4]`, ""},
		{`[">=",4,"<",7]|[">=",7]`, ""},
		{`[">=",1,"<",8]|[">=",7]`, ""},
		{`[">=",7]`, "findings of GuardDuty with severity 4 are told to nobody in eu-west-1"},
		{`[">=",4,"<",7]`, "findings of GuardDuty with severity 7 are told to nobody in eu-west-1"},
		{`[">=",4,"<",6]|[">=",7]`, "findings of GuardDuty with severity 6 are told to nobody in eu-west-1"},
	} {
		const topic = "arn:aws:sns:eu-west-1:123456789012:alerts"
		resources := []declared.Resource{
			{Type: topicType, Region: "eu-west-1", Inputs: map[string]any{"name": "alerts"}},
			{Type: subscriptionType, Region: "eu-west-1", Inputs: map[string]any{"topic": topic}},
		}
		rule := func(name, title, numeric string) {
			resources = append(resources,
				declared.Resource{Type: eventRuleType, Name: name, Region: "eu-west-1", Inputs: map[string]any{"name": name, "eventPattern": fmt.Sprintf(
					`{"source":["aws.guardduty"],"detail-type":["GuardDuty Finding"],"detail":{"severity":[{"numeric":%s}],"title":[%s]}}`, numeric, title)}},
				declared.Resource{Type: eventTargetType, Region: "eu-west-1", Inputs: map[string]any{"rule": name, "arn": topic}})
		}
		for i, numeric := range strings.Split(tt.numeric, "|") {
			rule(fmt.Sprint(i), `{"anything-but":{"wildcard":"*\"*"}}`, numeric)
		}
		rule("quoted", `{"wildcard":"*\"*"}`, `[">=",4]`)
		_, lack := alertFindings.run(read(resources))
		assert.Equal(t, tt.want, lack, tt.numeric)
	}
}
