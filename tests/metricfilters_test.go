package tests

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/internal/filterpattern"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	metricFilterType = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
	metricAlarmType  = "aws:cloudwatch/metricAlarm:MetricAlarm"
)

// pinnedFilters are the filters in the benchmark's order. A name stands in users' settings, state and account for ever; a
// pattern is what scanners read; what is critical is told by EventBridge, so that no severity here is.
var pinnedFilters = []struct {
	name, securityHub string
	severity          alerthub.Severity
	pattern           string
}{
	{"unauthorizedApiCalls", "CloudWatch.2", "informational",
		`{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }`},
	{"signInWithoutMfa", "CloudWatch.3", "warning",
		`{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }`},
	{"rootUsage", "CloudWatch.1", "warning",
		`{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`},
	{"iamPolicyChanges", "CloudWatch.4", "informational",
		`{ ($.eventName = DeleteGroupPolicy) || ($.eventName = DeleteRolePolicy) || ($.eventName = DeleteUserPolicy) || ($.eventName = PutGroupPolicy) || ($.eventName = PutRolePolicy) || ($.eventName = PutUserPolicy) || ($.eventName = CreatePolicy) || ($.eventName = DeletePolicy) || ($.eventName = CreatePolicyVersion) || ($.eventName = DeletePolicyVersion) || ($.eventName = AttachRolePolicy) || ($.eventName = DetachRolePolicy) || ($.eventName = AttachUserPolicy) || ($.eventName = DetachUserPolicy) || ($.eventName = AttachGroupPolicy) || ($.eventName = DetachGroupPolicy) }`},
	{"cloudTrailChanges", "CloudWatch.5", "warning",
		`{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }`},
	{"authenticationFailures", "CloudWatch.6", "informational",
		`{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }`},
	{"kmsKeyDisabling", "CloudWatch.7", "warning",
		`{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }`},
	{"bucketPolicyChanges", "CloudWatch.8", "informational",
		`{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }`},
	{"configChanges", "CloudWatch.9", "warning",
		`{ ($.eventSource = config.amazonaws.com) && (($.eventName = StopConfigurationRecorder) || ($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) || ($.eventName = PutConfigurationRecorder)) }`},
	{"securityGroupChanges", "CloudWatch.10", "informational",
		`{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) || ($.eventName = ModifySecurityGroupRules) }`},
	{"networkAclChanges", "CloudWatch.11", "informational",
		`{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }`},
	{"networkGatewayChanges", "CloudWatch.12", "informational",
		`{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }`},
	{"routeTableChanges", "CloudWatch.13", "informational",
		`{ ($.eventSource = ec2.amazonaws.com) && (($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable)) }`},
	{"vpcChanges", "CloudWatch.14", "informational",
		`{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }`},
	{"organizationsChanges", "", "warning",
		`{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || ($.eventName = AttachPolicy) || ($.eventName = CancelHandshake) || ($.eventName = CreateAccount) || ($.eventName = CreateOrganization) || ($.eventName = CreateOrganizationalUnit) || ($.eventName = CreatePolicy) || ($.eventName = DeclineHandshake) || ($.eventName = DeleteOrganization) || ($.eventName = DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = EnableAllFeatures) || ($.eventName = EnablePolicyType) || ($.eventName = InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = DetachPolicy) || ($.eventName = DisablePolicyType) || ($.eventName = MoveAccount) || ($.eventName = RemoveAccountFromOrganization) || ($.eventName = UpdateOrganizationalUnit) || ($.eventName = UpdatePolicy)) }`},
}

const singleSignOnPattern = `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }`

// The filters and alarms are among the names of a trail that are for ever.
func init() {
	for _, f := range pinnedFilters {
		pinned[ofTrail(metricFilterType)+"::audit-"+f.name+"-filter"] = trailPrefix + "-" + f.name
		pinned[ofTrail(metricAlarmType)+"::audit-"+f.name+"-alarm"] = trailPrefix + "-" + f.name
	}
}

func TestFiltersArePinned(t *testing.T) {
	filters := securetrail.CISMetricFilters()
	require.Len(t, filters, len(pinnedFilters))
	for i, want := range pinnedFilters {
		f := filters[i]
		assert.Equal(t, want.name, f.Name)
		assert.Equal(t, want.pattern, f.Pattern, f.Name)
		assert.Equal(t, want.severity, f.Severity, f.Name)
		assert.Equal(t, want.securityHub, f.SecurityHub, f.Name)
		assert.Equal(t, fmt.Sprintf("4.%d 4.%d 5.%d", i+1, i+1, i+1), f.CIS3+" "+f.CIS5+" "+f.CIS7, f.Name)
		assert.NotEqual(t, alerthub.Critical, f.Severity, f.Name)
		assert.NotEmpty(t, f.Title, f.Name)
		assert.NotEmpty(t, f.Response, f.Name)
		for _, pattern := range []string{f.Pattern, f.SingleSignOnPattern} {
			if pattern != "" {
				_, err := filterpattern.Parse(pattern)
				assert.NoError(t, err, f.Name)
				assert.LessOrEqual(t, len(pattern), filterpattern.MaxLength, f.Name)
			}
		}
	}
	assert.Equal(t, singleSignOnPattern, filters[1].SingleSignOnPattern)
}

// TestFiltersHaveTheNamesOfTheSettings: who writes trail.metricFilters.alarms names the same things.
func TestFiltersHaveTheNamesOfTheSettings(t *testing.T) {
	page, err := os.ReadFile("../docs/settings.md")
	require.NoError(t, err)
	row := regexp.MustCompile("`trail.metricFilters.alarms` .*\\*Names: ([^.]*)\\.").FindSubmatch(page)
	require.NotNil(t, row)
	var names []string
	for _, f := range securetrail.CISMetricFilters() {
		names = append(names, f.Name)
	}
	assert.Equal(t, string(row[1]), strings.Join(names, ", "))
}

// TestEveryFilterHasItsAlarm: in each partition and mode, filter and alarm meet in a metric, and the alarm tells the topic
// of its severity in its own Region.
func TestEveryFilterHasItsAlarm(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		hub := fullHub(o.Partition)
		d := deployHub(t, o, hub, nil, func(ctx *pulumi.Context, hub *alerthub.AlertHub) error {
			_, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{
				Alerts: hub, Tags: pulumi.StringMap{"team": pulumi.String("security")},
			}, pulumi.Provider(hub.GetProvider("aws::")))
			return err
		})
		d.AllTagged(map[string]string{"team": "security"})
		d.NoHardCodedPartition()
		trail := d.Only(secureTrailType)
		alarms := slices.DeleteFunc(d.ByType(metricAlarmType), func(r *testkit.Resource) bool { return r.Parent != trail.URN })
		require.Len(t, alarms, len(pinnedFilters))
		require.Len(t, d.ByType(metricFilterType), len(pinnedFilters))
		for _, f := range securetrail.CISMetricFilters() {
			filter := d.One(metricFilterType, "audit-"+f.Name+"-filter")
			alarm := d.One(metricAlarmType, "audit-"+f.Name+"-alarm")
			for _, r := range []*testkit.Resource{filter, alarm} {
				assert.Equal(t, trail.URN, r.Parent, r.URN)
				assert.Equal(t, homeOf(o), r.Region, r.URN)
				assert.Equal(t, trailPrefix+"-"+f.Name, r.String("name"))
			}
			assert.Equal(t, f.Pattern, filter.String("pattern"))
			assert.Equal(t, "cloudtrail/"+trailPrefix, filter.String("logGroupName"))
			assert.Equal(t, map[string]any{"name": trailPrefix + "-" + f.Name, "namespace": "account-baseline/CISBenchmark", "value": "1"},
				filter.Get("metricTransformation"))

			assert.Equal(t, filter.Get("metricTransformation.name"), alarm.Get("metricName"))
			assert.Equal(t, filter.Get("metricTransformation.namespace"), alarm.Get("namespace"))
			for property, want := range map[string]any{
				"statistic": "Sum", "period": 300., "evaluationPeriods": 1., "threshold": 1.,
				"comparisonOperator": "GreaterThanOrEqualToThreshold", "treatMissingData": "notBreaching",
			} {
				assert.Equal(t, want, alarm.Get(property), "%s: %s", f.Name, property)
			}
			description := alarm.String("alarmDescription")
			for _, part := range []string{f.Title, f.Response, f.CIS3, f.CIS7, "cloudtrail/" + trailPrefix, trailPrefix + "-" + f.Name} {
				assert.Contains(t, description, part)
			}
			assert.LessOrEqual(t, len(description), 1024, f.Name)
			if o.DryRun {
				assert.False(t, alarm.Known("alarmActions[0]"), f.Name)
				continue
			}
			topic := d.One(topicType, "alerts-"+string(f.Severity)).Outputs["arn"]
			assert.Equal(t, []any{topic}, alarm.Get("alarmActions"), f.Name)
			assert.Contains(t, topic, ":"+alarm.Region+":", "an alarm reaches topics of its own Region only")
		}
	})
}

func TestFiltersWithoutHubTellNobody(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := deployTrail(t, testkit.Options{DryRun: m.DryRun}, nil)
		require.Len(t, d.ByType(metricAlarmType), len(pinnedFilters))
		for _, alarm := range d.ByType(metricAlarmType) {
			assert.Nil(t, alarm.Get("alarmActions"), alarm.Name)
			assert.True(t, alarm.Known("alarmActions"), alarm.Name)
		}
	})
}

func TestFiltersComeAndGo(t *testing.T) {
	none := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{OmitMetricFilters: true})
	noLogs := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{OmitLogs: true})
	for _, d := range []*testkit.Deployment{none, noLogs} {
		assert.Empty(t, d.Names(metricFilterType))
		assert.Empty(t, d.Names(metricAlarmType))
	}
	for i, gone := range pinnedFilters {
		d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{MetricFilters: map[string]securetrail.MetricFilter{
			gone.name: {Disabled: true, Threshold: 5}, pinnedFilters[(i+1)%len(pinnedFilters)].name: {Threshold: 20},
		}})
		for j, f := range pinnedFilters {
			filter, alarm := "audit-"+f.name+"-filter", "audit-"+f.name+"-alarm"
			if j == i {
				assert.NotContains(t, d.Names(metricFilterType), filter)
				assert.NotContains(t, d.Names(metricAlarmType), alarm)
				continue
			}
			want := 1.
			if j == (i+1)%len(pinnedFilters) {
				want = 20
			}
			assert.Equal(t, f.pattern, d.One(metricFilterType, filter).String("pattern"))
			assert.Equal(t, want, d.One(metricAlarmType, alarm).Get("threshold"), alarm)
		}
	}
}

func TestSingleSignOnChangesOneFilterInPlace(t *testing.T) {
	d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{SingleSignOn: true})
	for _, f := range pinnedFilters {
		want := f.pattern
		if f.name == "signInWithoutMfa" {
			want = singleSignOnPattern
		}
		filter := d.One(metricFilterType, "audit-"+f.name+"-filter")
		assert.Equal(t, want, filter.String("pattern"))
		assert.Equal(t, trailPrefix+"-"+f.name, filter.String("name"))
	}
}

// TestFiltersOfTwoTrailsShareNothing: the same metric of two trails would count every event twice.
func TestFiltersOfTwoTrailsShareNothing(t *testing.T) {
	d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		for _, name := range []string{"audit", "forensics"} {
			if _, err := securetrail.NewSecureTrail(ctx, name, nil); err != nil {
				return err
			}
		}
		return nil
	})
	metrics := map[string]int{}
	for _, filter := range d.ByType(metricFilterType) {
		metrics[filter.String("metricTransformation.name")]++
	}
	assert.Len(t, metrics, 2*len(pinnedFilters))
}

func TestMetricFilterArgsAreRefused(t *testing.T) {
	one := map[string]securetrail.MetricFilter{"rootUsage": {Threshold: 2}}
	var names []string
	for _, f := range pinnedFilters {
		names = append(names, f.name)
	}
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, row := range []struct {
			args securetrail.SecureTrailArgs
			want string
		}{
			{securetrail.SecureTrailArgs{OmitLogs: true, MetricFilters: one},
				`MetricFilters: they read the log group, which OmitLogs leaves out; leave out one of them`},
			{securetrail.SecureTrailArgs{OmitMetricFilters: true, MetricFilters: one},
				`MetricFilters: has no effect beside OmitMetricFilters; leave out one of them`},
			{securetrail.SecureTrailArgs{MetricFilters: map[string]securetrail.MetricFilter{"RootUsage": {}}},
				`MetricFilters["RootUsage"]: no such metric filter; there are ` + strings.Join(names, ", ")},
			{securetrail.SecureTrailArgs{MetricFilters: map[string]securetrail.MetricFilter{"rootUsage": {Threshold: -1}}},
				`MetricFilters["rootUsage"].Threshold: -1 is too small; the least is 1`},
			{securetrail.SecureTrailArgs{SingleSignOn: true, OmitLogs: true},
				`SingleSignOn: has no effect without the metric filter signInWithoutMfa; leave it out`},
			{securetrail.SecureTrailArgs{SingleSignOn: true, OmitMetricFilters: true},
				`SingleSignOn: has no effect without the metric filter signInWithoutMfa; leave it out`},
			{securetrail.SecureTrailArgs{SingleSignOn: true, MetricFilters: map[string]securetrail.MetricFilter{"signInWithoutMfa": {Disabled: true}}},
				`SingleSignOn: has no effect without the metric filter signInWithoutMfa; leave it out`},
			{securetrail.SecureTrailArgs{OmitLogs: true, MetricFilters: map[string]securetrail.MetricFilter{"x": {Threshold: -2}, "vpcChanges": {Threshold: -1}}},
				`MetricFilters: they read the log group, which OmitLogs leaves out; leave out one of them` + "\n" +
					`MetricFilters["vpcChanges"].Threshold: -1 is too small; the least is 1` + "\n" +
					`MetricFilters["x"]: no such metric filter; there are ` + strings.Join(names, ", ") + "\n" +
					`MetricFilters["x"].Threshold: -2 is too small; the least is 1`},
		} {
			d, err := refusal(t, m, row.args)
			assert.EqualError(t, err, `secure trail "audit": `+row.want)
			d.NothingRegistered()
		}
	})
}

func TestAlarmsAndTopicsAreInOneRegion(t *testing.T) {
	deploy := func(args securetrail.SecureTrailArgs) (refused error) {
		_, _ = testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
			if err != nil {
				return err
			}
			elsewhere, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
			if err != nil {
				return err
			}
			args.Alerts = hub
			_, refused = securetrail.NewSecureTrail(ctx, "audit", &args, pulumi.Provider(elsewhere))
			return refused
		})
		return refused
	}
	assert.EqualError(t, deploy(securetrail.SecureTrailArgs{}),
		`secure trail "audit": field Alerts: its topics are in ap-northeast-1, the trail in eu-west-1; give both the same provider`)
	assert.Error(t, deploy(securetrail.SecureTrailArgs{OmitLogs: true}), "rules reach topics of their own Region only, too")
}

// TestFilterPageIsUpToDate: docs/metricfilters.md shows the table and the patterns of the code.
func TestFilterPageIsUpToDate(t *testing.T) {
	page, err := os.ReadFile("../docs/metricfilters.md")
	require.NoError(t, err)
	var table, patterns strings.Builder
	table.WriteString("| name | counts | CIS v3.0, v5.0 | CIS v7.0 | Security Hub | alarm |\n|---|---|---|---|---|---|\n")
	for _, f := range securetrail.CISMetricFilters() {
		hub := f.SecurityHub
		if hub == "" {
			hub = "–"
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s | %s | %s |\n", f.Name, f.Title, f.CIS3, f.CIS7, hub, f.Severity)
		fmt.Fprintf(&patterns, "`%s`\n\n```\n%s\n```\n\n", f.Name, f.Pattern)
		if f.SingleSignOnPattern != "" {
			fmt.Fprintf(&patterns, "`%s` with `SingleSignOn`\n\n```\n%s\n```\n\n", f.Name, f.SingleSignOnPattern)
		}
	}
	for _, part := range []string{table.String(), patterns.String()} {
		if !strings.Contains(string(page), part) {
			t.Errorf("docs/metricfilters.md lacks this text:\n%s", part)
		}
	}
	assert.Equal(t, 1, strings.Count(string(page), table.String()))
	assert.True(t, slices.IsSorted([]int{strings.Index(string(page), table.String()), strings.Index(string(page), patterns.String())}))
}
