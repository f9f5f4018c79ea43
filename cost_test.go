package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const costsPage = "docs/costs.md"

// Where the profiles are looked at: the home Region and us-east-1, and every Region that an account has enabled from the start.
var (
	twoRegions       = []string{"ap-northeast-1", "us-east-1"}
	seventeenRegions = []string{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
		"eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}
)

// estimated are the resources that the program's own estimate is made of.
func estimated(t testing.TB, profile string, covered []string) (resources []estimate.Resource) {
	t.Helper()
	config := configured(t, map[string]string{"profile": profile, "regions": `["` + strings.Join(covered, `","`) + `"]`})
	testkit.Run(t, testkit.Options{Config: config}, func(ctx *pulumi.Context) error {
		s, providers, err := load(ctx)
		if err != nil {
			return err
		}
		resources, err = declaredResources(ctx, s, providers)
		return err
	})
	return resources
}

// TestTheProfilesCostWhatThePageSays: with UPDATE_COSTS set it writes the table, as make docs does. It also holds what starter is
// allowed to cost.
func TestTheProfilesCostWhatThePageSays(t *testing.T) {
	rows := []string{"| profile | Regions | quiet | quiet, first 30 days | team | busy |", "|---|---|---|---|---|---|"}
	for _, profile := range profileNames {
		for _, covered := range [][]string{twoRegions, seventeenRegions} {
			resources := estimated(t, profile, covered)
			at := map[string]estimate.Estimate{}
			for preset, volumes := range estimate.Presets() {
				at[preset] = estimate.Monthly(resources, volumes, estimate.Options{Home: "ap-northeast-1"})
			}
			if profile == "starter" {
				assert.LessOrEqual(t, at["quiet"].Monthly(), 3.0, "starter on a quiet account:\n%s", at["quiet"].Table())
			}
			rows = append(rows, fmt.Sprintf("| %s | %d | $%.2f | $%.2f | $%.2f | $%.2f |", profile, len(covered),
				at["quiet"].Monthly(), at["quiet"].FirstMonth(), at["team"].Monthly(), at["busy"].Monthly()))
		}
	}
	content, err := os.ReadFile(costsPage)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(content), "<!-- profiles -->\n")
	require.True(t, found)
	old, after, found := strings.Cut(rest, "<!-- end of profiles -->")
	require.True(t, found)
	wanted := "\n" + strings.Join(rows, "\n") + "\n\n"
	if os.Getenv("UPDATE_COSTS") != "" {
		require.NoError(t, os.WriteFile(costsPage, []byte(before+"<!-- profiles -->\n"+wanted+"<!-- end of profiles -->"+after), 0o644))
		return
	}
	assert.Equal(t, wanted, old, "%s is not what the program declares; write it with make docs", costsPage)
}

// TestTheBaselineIsPriced: every type of every profile has a price or a reason to be free, no input of it is an empty text that
// comes from an output nobody made up, and running it beside the program takes little time.
func TestTheBaselineIsPriced(t *testing.T) {
	for _, profile := range profileNames {
		began := time.Now()
		resources := estimated(t, profile, seventeenRegions)
		assert.Less(t, time.Since(began), 20*time.Second)
		require.Greater(t, len(resources), 500)
		for _, sentence := range estimate.Monthly(resources, estimate.Presets()["team"], estimate.Options{Home: "ap-northeast-1"}).Uncovered {
			assert.NotContains(t, sentence, "resources of type")
		}
		for _, r := range resources {
			assert.True(t, estimate.Knows(r.Type), r.Type)
			assert.NotEmpty(t, r.Component, "%s %s", r.Type, r.Name)
			assert.Contains(t, seventeenRegions, r.Region)
			for _, path := range emptyTexts("", r.Inputs) {
				if !strings.HasSuffix(path, ".filter.prefix") { // of every object
					t.Errorf("%s %s: %s is empty", r.Type, r.Name, path)
				}
			}
		}
	}
}

func emptyTexts(path string, value any) (paths []string) {
	switch v := value.(type) {
	case string:
		if v == "" || strings.Contains(v, `"Resource":""`) || strings.Contains(v, `"AWS":""`) {
			return []string{path}
		}
	case []any:
		for i, element := range v {
			paths = append(paths, emptyTexts(fmt.Sprintf("%s[%d]", path, i), element)...)
		}
	case map[string]any:
		for key, element := range v {
			paths = append(paths, emptyTexts(path+"."+key, element)...)
		}
	}
	return paths
}

// TestTheOutputIsTheEstimate: components add up to the month, and what is not covered is said.
func TestTheOutputIsTheEstimate(t *testing.T) {
	var output pulumi.Map
	testkit.Run(t, testkit.Options{Config: configured(t, map[string]string{"estimate": `{"preset":"quiet"}`})}, func(ctx *pulumi.Context) error {
		s, covered, err := load(ctx)
		if err != nil {
			return err
		}
		output, err = monthlyCost(ctx, s, covered)
		return err
	})
	sum := 0.0
	for _, usd := range output["components"].(pulumi.Float64Map) {
		sum += float64(usd.(pulumi.Float64))
	}
	want := estimate.Monthly(estimated(t, "standard", twoRegions), estimate.Presets()["quiet"], estimate.Options{Home: "ap-northeast-1"})
	assert.InDelta(t, want.Monthly(), float64(output["usd"].(pulumi.Float64)), 0.005)
	assert.InDelta(t, want.Monthly(), sum, 0.05)
	assert.InDelta(t, want.FirstMonth(), float64(output["firstMonth"].(pulumi.Float64)), 0.005)
	assert.Len(t, output["notCovered"], len(want.Uncovered))
}

// BenchmarkEstimate runs standard in 17 Regions, about 1,500 resources, and prices it.
func BenchmarkEstimate(b *testing.B) {
	for b.Loop() {
		estimate.Monthly(estimated(b, "standard", seventeenRegions), estimate.Presets()["team"], estimate.Options{Home: "ap-northeast-1"})
	}
}
