package costtable

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

var (
	key   = declared.Resource{Type: "aws:kms/key:Key", Name: "archive-key", Component: "archive", Region: "eu-west-1"}
	alarm = declared.Resource{Type: "aws:cloudwatch/metricAlarm:MetricAlarm", Name: "alarm", Component: "alerts", Region: "eu-west-1"}
	own   = map[string]string{"aws:region": "eu-west-1", "demo:estimate": `{"preset":"quiet","freeTier":false,"volumes":{"kmsRequests":0}}`}
)

func written(t *testing.T, p *plan.Plan, a Assumptions) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, Write(&text, p, a))
	return text.String()
}

func TestTheStacksOwnAssumptionsAreTaken(t *testing.T) {
	text := written(t, &plan.Plan{Project: "demo", Stack: "dev", After: []declared.Resource{key}, Config: own}, Assumptions{})
	require.Contains(t, text, "home Region eu-west-1, volumes of the preset quiet with 1 of its own")
	require.Contains(t, text, "$1.00")
	require.NotContains(t, text, "Compared")
}

func TestWhatAChangeCosts(t *testing.T) {
	p := &plan.Plan{Project: "demo", Stack: "dev", Before: []declared.Resource{key}, After: []declared.Resource{key, alarm}, Config: own}
	require.Contains(t, written(t, p, Assumptions{}), "Compared with what is deployed, a month:\n")
	require.Contains(t, written(t, p, Assumptions{}), "+$0.10")
	p.Before = p.After
	require.Contains(t, written(t, p, Assumptions{}), "Compared with what is deployed: nothing changes.")
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	p := &plan.Plan{Project: "demo", Stack: "dev", After: []declared.Resource{key}}
	for want, a := range map[string]Assumptions{
		"the home Region is unknown: the stack has no aws:region; give it: -home eu-central-1": {},
		`"tiny" is no preset; there are quiet, team and busy`:                                  {Home: "eu-west-1", Preset: "tiny"},
		`volumes: "kms" is no volume`:                                                          {Home: "eu-west-1", Volumes: map[string]float64{"kms": 1}},
		`field KMSRequests: -1`:                                                                {Home: "eu-west-1", Volumes: map[string]float64{"kmsRequests": -1}},
	} {
		require.ErrorContains(t, Write(&bytes.Buffer{}, p, a), want)
	}
	require.Contains(t, written(t, p, Assumptions{Home: "eu-west-1"}), "preset team")
}
