package estimate

import (
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestEveryPriceHasItsSourceAndDay(t *testing.T) {
	require.Len(t, Prices(), len(prices))
	for id, p := range prices {
		t.Run(string(id), func(t *testing.T) {
			require.NotEmpty(t, p.Service)
			require.NotEmpty(t, p.What)
			require.NotEmpty(t, p.Unit)
			require.Positive(t, p.Per)
			require.Contains(t, []Scope{PerAccount, PerRegion}, p.Scope)
			source, err := url.Parse(p.Source)
			require.NoError(t, err)
			assert.Equal(t, "https aws.amazon.com", source.Scheme+" "+source.Host, "the page of AWS")
			read, err := time.Parse(time.DateOnly, p.Read)
			require.NoError(t, err)
			assert.True(t, read.Year() >= 2020 && read.Before(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)))
			require.NotEmpty(t, p.Steps)
			for i, step := range p.Steps {
				assert.Positive(t, step.USD)
				if last := i == len(p.Steps)-1; last {
					assert.Zero(t, step.UpTo, "the last step has no end")
				} else {
					assert.Positive(t, step.UpTo)
					assert.Greater(t, step.USD, p.Steps[i+1].USD, "steps fall")
				}
			}
			assert.True(t, p.Elsewhere == nil || len(p.Steps) == 1, "prices of other Regions have one step")
		})
	}
}

func TestCostOfSteps(t *testing.T) {
	for _, tt := range []struct {
		name     string
		price    priceID
		quantity float64
		region   string
		want     float64
	}{
		{"nothing", "alarm", 0, northVirginia, 0},
		{"the last free alarm", "alarm", 10, northVirginia, 0},
		{"the first paid alarm", "alarm", 11, northVirginia, 0.10},
		{"the last free e-mail", "sns-email", 1000, northVirginia, 0},
		{"100,000 e-mails beyond", "sns-email", 101_000, northVirginia, 2},
		{"the last free KMS request", "kms-request", 20_000, northVirginia, 0},
		{"10,000 KMS requests beyond", "kms-request", 30_000, northVirginia, 0.03},
		{"free ingestion", "logs-ingestion", 5, northVirginia, 0},
		{"2 GB beyond", "logs-ingestion", 7, northVirginia, 1}, // 2 × 0.50
		{"three dashboards", "dashboard", 3, northVirginia, 0},
		{"a fourth", "dashboard", 4, northVirginia, 3},
		{"a large one", "large-dashboard", 1, northVirginia, 3},
		{"1,000 GB of queries", "logs-scan", 1000, northVirginia, 5},
		{"two budgets with actions, 31 days", "budget-action", 62, northVirginia, 0},
		{"one day more", "budget-action", 63, northVirginia, 0.10},
		{"free transitions", "state-transition", 4000, northVirginia, 0},
		{"1,000 beyond", "state-transition", 5000, northVirginia, 0.025},
		{"1,000 beyond in São Paulo", "state-transition", 5000, "sa-east-1", 0.0375},
		{"1,000 beyond where no price is known", "state-transition", 5000, "af-south-1", 0.025},
		{"free findings", "finding-ingested", 10_000, northVirginia, 0},
		{"10,000 findings beyond", "finding-ingested", 20_000, northVirginia, 0.30},
		{"first step of evaluations", "config-evaluation", 100_000, northVirginia, 100},
		{"second step", "config-evaluation", 500_000, northVirginia, 100 + 320}, // 400,000 × 0.0008
		{"third step", "config-evaluation", 600_000, northVirginia, 100 + 320 + 50},
		{"first step of flow logs", "guardduty-flow", 500, northVirginia, 500},
		{"second step of flow logs", "guardduty-flow", 2500, northVirginia, 500 + 1000},
		{"third step of flow logs", "guardduty-flow", 2900, northVirginia, 500 + 1000 + 100},
		{"databases in Zurich", "guardduty-rds", 2, "eu-central-2", 2.70},
		{"the free gigabyte of Macie", "macie-inspected", 1, northVirginia, 0},
		{"a second gigabyte", "macie-inspected", 2, northVirginia, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.InDelta(t, tt.want, prices[tt.price].cost(tt.quantity, tt.region, true), 1e-9)
		})
	}
}

// TestCostIsSteady: more never costs less, a little more never much more, and without free allowances nothing gets cheaper.
func TestCostIsSteady(t *testing.T) {
	for id, p := range prices {
		t.Run(string(id), rapid.MakeCheck(func(t *rapid.T) {
			scale := p.Per + p.Free + p.Steps[0].UpTo // so that allowances end, and steps begin, within what is drawn
			q := rapid.Float64Range(0, 2*scale).Draw(t, "quantity")
			more := rapid.Float64Range(0, 2*scale).Draw(t, "more")
			cost, costOfMore := p.cost(q, northVirginia, true), p.cost(q+more, northVirginia, true)
			if costOfMore < cost-1e-6 {
				t.Fatalf("%v more than %v costs less", more, q)
			}
			if most := more / p.Per * p.Steps[0].USD; costOfMore-cost > most+1e-6*math.Max(1, most) {
				t.Fatalf("%v more cost %v, above the first step's price", more, costOfMore-cost)
			}
			if p.cost(q, northVirginia, false) < cost-1e-6 {
				t.Fatal("cheaper without the free allowance")
			}
		}))
	}
}

func TestCountWritesThousands(t *testing.T) {
	for quantity, want := range map[float64]string{
		0: "0", 1: "1", 999: "999", 1000: "1,000", 1234567: "1,234,567", 0.5: "0.5", 1234.567: "1,234.57",
	} {
		assert.Equal(t, want, count(quantity))
	}
}

func TestPresetsGrowAndAreValid(t *testing.T) {
	presets := Presets()
	require.Len(t, presets, len(PresetNames))
	for i, name := range PresetNames {
		require.NoError(t, presets[name].Validate())
		if i == 0 {
			continue
		}
		smaller := presets[PresetNames[i-1]].named()
		for j, volume := range presets[name].named() {
			assert.GreaterOrEqual(t, volume.value, smaller[j].value, "%s of %s", volume.name, name)
		}
	}
}

func TestImpossibleVolumesAreNamed(t *testing.T) {
	for _, tt := range []struct {
		change func(*Volumes)
		want   string
	}{
		{func(v *Volumes) { v.ManagementEvents = -1 }, "field ManagementEvents: -1 is no quantity; give 0 or more"},
		{func(v *Volumes) { v.FlowLogGigabytes = math.NaN() }, "field FlowLogGigabytes: NaN is no quantity; give 0 or more"},
		{func(v *Volumes) { v.WriteShare = 1.5 }, "field WriteShare: 1.5 is no share; give 0 to 1"},
		{func(v *Volumes) { v.ChangesMergedByDaily = 0 }, "field ChangesMergedByDaily: 0 is below 1; daily recording makes at least one item of a change"},
	} {
		v := Presets()["quiet"]
		tt.change(&v)
		require.ErrorContains(t, v.Validate(), tt.want)
	}
	v := Volumes{Alerts: -1, Buckets: -1, ChangesMergedByDaily: 1}
	require.Equal(t, 2, strings.Count(v.Validate().Error(), "field "), "all at once")
}

func TestVolumesByTheirNames(t *testing.T) {
	names := VolumeNames()
	for _, want := range []string{"managementEvents", "s3DataEvents", "eksAuditEvents", "dynamoDBDataEvents", "iamIdentities", "kmsRequests", "ebsGigabytesScanned", "alerts"} {
		assert.Contains(t, names, want)
	}
	changes := map[string]float64{}
	for i, name := range names {
		changes[name] = float64(i + 1)
	}
	v, err := Presets()["quiet"].With(changes)
	require.NoError(t, err)
	for i, volume := range v.named() {
		assert.InDelta(t, i+1, volume.value, 0, volume.name)
	}
	quiet := Presets()["quiet"]
	_, err = quiet.With(map[string]float64{"alerts": 1, "events": 2})
	require.ErrorContains(t, err, `volumes: "events" is no volume; known: managementEvents, writeShare,`)
	require.Equal(t, Presets()["quiet"], quiet, "the original stays")
}

func TestScheduledRuns(t *testing.T) {
	for _, tt := range []struct {
		expression string
		runs       float64
		known      bool
	}{
		{"rate(1 day)", 30, true},
		{"rate(12 hours)", 60, true},
		{"rate(7 days)", 30.0 / 7, true},
		{"cron(0 9 * * ? *)", 30, true},
		{"cron(0 9 ? * MON *)", 30.0 / 7, true},
		{"cron(0 9 ? * MON,THU *)", 60.0 / 7, true},
		{"cron(0 9 1 * ? *)", 1, true},
		{"cron(0 9 1,15 * ? *)", 2, true},
		{"cron(0 9 L * ? *)", 1, true},
		{"cron(0 9 ? * MON#1 *)", 1, true},
		{"cron(0,30 9 * * ? *)", 60, true},
		{"cron(0 * * * ? *)", 720, true},
		{"at(2026-12-01T09:00:00)", 0, true},
		{"cron(0 9 ? * MON-FRI *)", 0, false},
		{"rate(0 days)", 0, false},
		{"weekly", 0, false},
	} {
		runs, known := runsOf(tt.expression)
		assert.Equal(t, tt.known, known, tt.expression)
		assert.InDelta(t, tt.runs, runs, 1e-9, tt.expression)
	}
}
