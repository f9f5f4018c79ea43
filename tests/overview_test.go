package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/overview"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	overviewType = "account-baseline:index:SecurityOverview"
)

type overviewArgs = overview.SecurityOverviewArgs

// overviewOf are the arguments that show all rules, alarms, queues, topics and metric filters of a deployment.
func overviewOf(d *testkit.Deployment) *overviewArgs {
	args := &overviewArgs{Regions: map[string]overview.Region{}}
	for _, r := range d.All() {
		in, name := args.Regions[r.Region], r.String("name")
		switch r.Type {
		case eventRuleType:
			in.Rules = append(in.Rules, name)
		case chargesAlarmType:
			in.Alarms = append(in.Alarms, name)
		case queueType:
			in.DeadLetterQueues = append(in.DeadLetterQueues, name)
		case topicType:
			in.Topics = append(in.Topics, name)
		case metricFilterType:
			args.Metrics = append(args.Metrics, overview.Metric{
				Namespace: r.String("metricTransformation.namespace"), Name: r.String("metricTransformation.name"),
			})
			continue
		default:
			continue
		}
		args.Regions[r.Region] = in
	}
	return args
}

// deployOverview deploys a component named overview.
func deployOverview(t testing.TB, o testkit.Options, args *overviewArgs) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := overview.NewSecurityOverview(ctx, "overview", args)
		return err
	})
}

// dashboard is the body as CloudWatch documents it:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
type dashboard struct {
	Start   string `json:"start"`
	Widgets []struct {
		Type          string `json:"type"`
		X, Y          int
		Width, Height int
		Properties    struct {
			Markdown, Title, Region, View, Stat string
			Stacked                             bool
			Period                              int
			Metrics                             [][]any
			Alarms                              []string
			YAxis                               map[string]map[string]float64
			Legend                              map[string]string
		} `json:"properties"`
	} `json:"widgets"`
}

func readDashboard(t testing.TB, d *testkit.Deployment) dashboard {
	t.Helper()
	var b dashboard
	decoder := json.NewDecoder(strings.NewReader(d.Only(dashboardType).String("dashboardBody")))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&b))
	return b
}

// shown are all metrics and alarms of a dashboard, as REGION NAMESPACE NAME DIMENSION=VALUE or ARN.
func (b dashboard) shown() (names []string) {
	for _, w := range b.Widgets {
		names = append(names, w.Properties.Alarms...)
		for _, metric := range w.Properties.Metrics {
			region, parts := w.Properties.Region, []string{}
			for _, part := range metric {
				switch p := part.(type) {
				case string:
					parts = append(parts, p)
				case map[string]any:
					if own, given := p["region"].(string); given {
						region = own
					}
				}
			}
			name := region + " " + parts[0] + " " + parts[1]
			if len(parts) == 4 {
				name += " " + parts[2] + "=" + parts[3]
			}
			names = append(names, name)
		}
	}
	return names
}

// measurable are the metrics and alarms that what is declared has, in the form of shown.
func measurable(d *testkit.Deployment) map[string]bool {
	known := map[string]bool{}
	for _, r := range d.All() {
		name := r.String("name")
		switch r.Type {
		case eventRuleType:
			known[r.Region+" AWS/Events MatchedEvents RuleName="+name] = true
			known[r.Region+" AWS/Events FailedInvocations RuleName="+name] = true
		case queueType:
			known[r.Region+" AWS/SQS ApproximateNumberOfMessagesVisible QueueName="+name] = true
		case topicType:
			known[r.Region+" AWS/SNS NumberOfNotificationsFailed TopicName="+name] = true
		case metricFilterType:
			known[r.Region+" "+r.String("metricTransformation.namespace")+" "+r.String("metricTransformation.name")] = true
		case chargesAlarmType:
			known["arn:"+d.Options.Partition+":cloudwatch:"+r.Region+":"+d.Options.Account+":alarm:"+name] = true
		}
	}
	return known
}

// undeclared are what a dashboard shows and nothing that is declared has.
func undeclared(b dashboard, known map[string]bool) []string {
	return slices.DeleteFunc(b.shown(), func(name string) bool { return known[name] })
}

// watchedAccount deploys what an overview shows, in several Regions, home first.
func watchedAccount(t testing.TB, partition string, covered []string) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, testkit.Options{Partition: partition}, func(ctx *pulumi.Context) error {
		providers, err := regions.NewProviders(ctx, regions.Set{Home: covered[0], Covered: covered}, aws.ProviderArgs{})
		if err != nil {
			return err
		}
		home := pulumi.Provider(providers.Home())
		hubArgs := watchedHub(partition)
		hubArgs.Regions = providers
		hub, err := alerthub.NewAlertHub(ctx, "alerts", hubArgs, home)
		if err != nil {
			return err
		}
		if _, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Alerts: hub}, home); err != nil {
			return err
		}
		if _, err := configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{Alerts: hub, WithTrail: true, Regions: providers}, home); err != nil {
			return err
		}
		_, err = threatdetection.NewThreatDetection(ctx, "threats", &threatdetection.ThreatDetectionArgs{Alerts: hub, WithTrail: true, Regions: providers}, home)
		return err
	})
}

// TestOverviewShowsWhatThereIs: every metric and alarm on the dashboard is one of something that is declared, and everything
// that is declared to raise or carry an alert is on it, in all Regions, within CloudWatch's limits.
func TestOverviewShowsWhatThereIs(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		account := watchedAccount(t, p.Name, regionsOf(p.Name))
		known := measurable(account)
		args := overviewOf(account)
		b := readDashboard(t, deployOverview(t, testkit.Options{Partition: p.Name}, args))
		assert.Empty(t, undeclared(b, known))
		shown := map[string]bool{}
		for _, name := range b.shown() {
			assert.False(t, shown[name], "shown twice: %s", name)
			shown[name] = true
		}
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if strings.Contains(name, "MatchedEvents") && !strings.HasPrefix(name, p.Home) {
				continue // counted again in the home Region
			}
			assert.True(t, shown[name], "not shown: %s", name)
		}
		assert.NotEmpty(t, args.Metrics)
		withinLimits(t, b)

		// The check would see what is not there.
		for region, in := range args.Regions {
			in.Rules = append(slices.Clone(in.Rules), "no-such-rule")
			args.Regions[region] = in
		}
		missing := undeclared(readDashboard(t, deployOverview(t, testkit.Options{Partition: p.Name}, args)), known)
		assert.Len(t, missing, len(args.Regions)+1)
	})
}

// withinLimits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
func withinLimits(t *testing.T, b dashboard) {
	t.Helper()
	assert.LessOrEqual(t, len(b.Widgets), 500)
	all, bottom := 0, 0
	for _, w := range b.Widgets {
		assert.LessOrEqual(t, len(w.Properties.Metrics), 500, w.Properties.Title)
		assert.LessOrEqual(t, len(w.Properties.Alarms), 100, w.Properties.Title)
		assert.True(t, w.X == 0 && w.Width == 24 && w.Height >= 1 && w.Height <= 1000, w.Properties.Title)
		assert.Equal(t, bottom, w.Y, "widgets stand below each other")
		bottom += w.Height
		all += len(w.Properties.Metrics)
		assert.Contains(t, []string{"text", "metric", "alarm"}, w.Type)
		if w.Type == "metric" {
			assert.NotEmpty(t, w.Properties.Region)
			assert.Equal(t, 3600, w.Properties.Period)
		}
	}
	assert.LessOrEqual(t, all, 2500)
}

// TestOverviewDividesWhatIsTooLong: graphs by 500 metrics, alarms by 100.
func TestOverviewDividesWhatIsTooLong(t *testing.T) {
	names := func(kind string, n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("%s-%04d", kind, i))
		}
		return all
	}
	d := deployOverview(t, testkit.Options{}, &overviewArgs{Regions: map[string]overview.Region{
		"eu-west-1": {Rules: names("rule", 1001), Alarms: names("alarm", 201)},
	}})
	b := readDashboard(t, d)
	withinLimits(t, b)
	var titles []string
	for _, w := range b.Widgets {
		titles = append(titles, fmt.Sprintf("%s: %d", w.Properties.Title, len(w.Properties.Metrics)+len(w.Properties.Alarms)))
	}
	assert.Equal(t, []string{
		": 0", "Alarms in eu-west-1: 100", "Alarms in eu-west-1: 100", "Alarms in eu-west-1: 1",
		"Could not be delivered: targets of rules that failed, per hour (1 of 3): 500",
		"Could not be delivered: targets of rules that failed, per hour (2 of 3): 500",
		"Could not be delivered: targets of rules that failed, per hour (3 of 3): 1",
	}, titles)

	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		_, err := overview.NewSecurityOverview(ctx, "overview", &overviewArgs{Regions: map[string]overview.Region{"eu-west-1": {Rules: names("rule", 2501)}}})
		return err
	})
	assert.ErrorContains(t, err, `security overview "overview": field Regions: 2501 metrics would be shown, at most 2500 are possible; name fewer Regions`)
}

func TestOverviewIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		args := &overviewArgs{
			Metrics: []overview.Metric{{Namespace: "account-baseline/CISBenchmark", Name: "audit-rootUsage", Label: "The root user was used"}},
			Regions: map[string]overview.Region{homeOf(o): {Rules: []string{"rule"}, Alarms: []string{"alarm"}, DeadLetterQueues: []string{"queue"}, Topics: []string{"topic"}}},
		}
		d := deployOverview(t, o, args)
		component := d.Only(overviewType)
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllUseProviderOf(component)
		d.NoHardCodedPartition()
		assert.Equal(t, "account-baseline-dev-overview", d.Only(dashboardType).String("dashboardName"))
		assert.Contains(t, declared(d), below(overviewType, dashboardType)+"::overview-dashboard", "renamed or gone: states of users have it, add an alias")
		assert.Equal(t, d.Only(dashboardType).String("dashboardBody"), deployOverview(t, o, args).Only(dashboardType).String("dashboardBody"), "the same whenever it is made")
		if o.DryRun {
			return
		}
		var made *overview.SecurityOverview
		testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
			made, err = overview.NewSecurityOverview(ctx, "overview", args)
			return err
		})
		count, known, _, err := testkit.Await(made.MetricCount)
		require.NoError(t, err)
		assert.True(t, known)
		assert.Equal(t, 5, count)
		url, _, _, err := testkit.Await(made.URL)
		require.NoError(t, err)
		assert.Contains(t, url, "/cloudwatch/home?region="+homeOf(o)+"#dashboards/dashboard/account-baseline-dev-overview")
	})
}

func TestOverviewArgsAreRefused(t *testing.T) {
	in := func(region overview.Region) overviewArgs {
		return overviewArgs{Regions: map[string]overview.Region{"eu-west-1": region}}
	}
	for _, row := range []struct {
		args overviewArgs
		want string
	}{
		{overviewArgs{}, `field Regions: there is nothing to show; name rules, alarms, queues or topics, or give Metrics`},
		{overviewArgs{Regions: map[string]overview.Region{"Ireland": {Rules: []string{"r"}}}}, `field Regions["Ireland"]: the key is no Region, such as eu-central-1`},
		{overviewArgs{Metrics: []overview.Metric{{Namespace: "n"}}}, `field Metrics[0].Name: "" is not 1 to 255 characters, the first of which is no colon`},
		{overviewArgs{Metrics: []overview.Metric{{Namespace: ":n", Name: "m"}}}, `field Metrics[0].Namespace: ":n" is not 1 to 255 characters, the first of which is no colon`},
		{in(overview.Region{Rules: []string{"a rule"}}), `field Regions["eu-west-1"].Rules[0]: "a rule" is no name of an EventBridge rule: 1 to 64 letters, digits and .-_`},
		{in(overview.Region{Rules: []string{"r", "r"}}), `field Regions["eu-west-1"].Rules[1]: "r" is Rules[0] already; remove one of them`},
		{in(overview.Region{Alarms: []string{""}}), `field Regions["eu-west-1"].Alarms[0]: "" is no name of a CloudWatch alarm: 1 to 255 characters`},
		{in(overview.Region{DeadLetterQueues: []string{"https://sqs"}}), `field Regions["eu-west-1"].DeadLetterQueues[0]: "https://sqs" is no name of an SQS queue: at most 80 letters, digits, hyphens and underscores`},
		{in(overview.Region{Topics: []string{"arn:t"}}), `field Regions["eu-west-1"].Topics[0]: "arn:t" is no name of an SNS topic: at most 256 letters, digits, hyphens and underscores`},
		{overviewArgs{NamePrefix: "Upper", Metrics: []overview.Metric{{Namespace: "n", Name: "m"}}}, `field NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
	} {
		assert.EqualError(t, row.args.Validate(), row.want)
	}
	d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		_, err := overview.NewSecurityOverview(ctx, "overview", nil)
		return err
	})
	assert.ErrorContains(t, err, `security overview "overview": field Regions: there is nothing to show`)
	d.NothingRegistered()
}

// TestAccountTakesTheOverview: deployed, changed in place, and destroyed.
func TestAccountTakesTheOverview(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		args := overviewOf(watchedAccount(t, p.Name, regionsOf(p.Name)))
		s := deployInto(t, testkit.Options{Partition: p.Name}, "", func(ctx *pulumi.Context) error {
			_, err := overview.NewSecurityOverview(ctx, "overview", args)
			return err
		})
		made := s.ofType(dashboardType)
		require.Len(t, made, 1)
		require.NoError(t, made[0].remove())
	})
}
