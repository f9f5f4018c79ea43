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

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	threatsType        = "account-baseline:index:ThreatDetection"
	detectorType       = "aws:guardduty/detector:Detector"
	planType           = "aws:guardduty/detectorFeature:DetectorFeature"
	exportType         = "aws:guardduty/publishingDestination:PublishingDestination"
	filterType         = "aws:guardduty/filter:Filter"
	trustedListType    = "aws:guardduty/iPSet:IPSet"
	threatListType     = "aws:guardduty/threatIntelSet:ThreatIntelSet"
	malwarePlanType    = "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan"
	analyzerType       = "aws:accessanalyzer/analyzer:Analyzer"
	analyzerRuleType   = "aws:accessanalyzer/archiveRule:ArchiveRule"
	securityHubType    = "aws:securityhub/account:Account"
	standardType       = "aws:securityhub/standardsSubscription:StandardsSubscription"
	controlType        = "aws:securityhub/standardsControlAssociation:StandardsControlAssociation"
	findingAggregator  = "aws:securityhub/findingAggregator:FindingAggregator"
	inspectorType      = "aws:inspector2/enabler:Enabler"
	macieType          = "aws:macie2/account:Account"
	threatsPrefix      = "account-baseline-dev-threats"
	someDetectorID     = "0123456789abcdef0123456789abcdef"
	standardsOfFSBP    = "standards/aws-foundational-security-best-practices/v/1.0.0"
	standardsOfCIS300  = "standards/cis-aws-foundations-benchmark/v/3.0.0"
	protectedWithNoKey = "uploads.example.com"
)

type threatArgs = threatdetection.ThreatDetectionArgs

// deployThreats deploys a component named threats in the Region of the default provider.
func deployThreats(t testing.TB, o testkit.Options, args *threatArgs, opts ...pulumi.ResourceOption) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := threatdetection.NewThreatDetection(ctx, "threats", args, opts...)
		return err
	})
}

// coverThreats deploys it in several Regions, home first.
func coverThreats(t testing.TB, o testkit.Options, covered []string, args threatArgs) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := coveredThreats(ctx, covered, args)
		return err
	})
}

func coveredThreats(ctx *pulumi.Context, covered []string, args threatArgs) (*threatdetection.ThreatDetection, error) {
	providers, err := regions.NewProviders(ctx, regions.Set{Home: covered[0], Covered: covered}, aws.ProviderArgs{})
	if err != nil {
		return nil, err
	}
	args.Regions = providers
	return threatdetection.NewThreatDetection(ctx, "threats", &args, pulumi.Provider(providers.Home()))
}

// everyThreat are arguments that make every kind of resource in two or more Regions, home first.
func everyThreat(partition string, covered []string) threatArgs {
	args := threatArgs{
		Plans:         map[threatdetection.Plan]bool{threatdetection.RuntimeMonitoring: true},
		RuntimeAgents: map[threatdetection.Agent]bool{threatdetection.EC2AgentManagement: true},
		SuppressionFilters: []threatdetection.SuppressionFilter{{
			Name: "scanner", Reason: "our own scanner", Equals: map[string][]string{
				"resource.instanceDetails.tags.value": {"scanner"}, "type": {"Recon:EC2/Portscan"},
			}, NotEquals: map[string][]string{"service.action.networkConnectionAction.blocked": {"false"}},
		}},
		TrustedIPList:           &threatdetection.IPList{Location: "s3://lists/trusted.txt"},
		ThreatIPLists:           []threatdetection.IPList{{Location: "s3://lists/threats.stix", Format: "STIX"}},
		MalwareProtectedBuckets: []threatdetection.MalwareProtectedBucket{{Name: protectedWithNoKey}, {Name: "invoices", KeyArn: "arn:" + partition + ":kms:" + covered[0] + ":" + accountID + ":key/1234", Tag: true, Prefixes: []string{"in/"}}},
		AccessAnalyzer: threatdetection.AccessAnalyzerArgs{UnusedAccess: true, ArchiveRules: []threatdetection.ArchiveRule{{
			Name: "partner", Equals: map[string][]string{"principal.AWS": {foreignAccount}}, Contains: map[string][]string{"resource": {"shared"}},
		}}},
		SecurityHub: threatdetection.SecurityHubArgs{
			Regions: covered, Standards: []string{threatdetection.FSBP, threatdetection.CIS300}, DisableGlobalControls: true,
			DisabledControls: []threatdetection.DisabledControl{{ID: "EC2.10", Reason: "no VPC here", Standards: []string{threatdetection.FSBP}}},
		},
		Inspector: threatdetection.InspectorArgs{Regions: covered},
		Tags:      pulumi.StringMap{"team": pulumi.String("security")},
	}
	if partition == "aws" {
		args.Macie.Regions = covered
	}
	return args
}

func TestThreatsAreWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		args := everyThreat(o.Partition, []string{otherRegion(o.Partition)})
		wellBehaved(t, o, threatsType, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
			_, err := threatdetection.NewThreatDetection(ctx, "threats", &args, provider)
			return err
		})
	})
}

// TestThreatsNeedNothingButAName: somebody else's stack, whose names are not fit for AWS, and no configuration.
func TestThreatsNeedNothingButAName(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		o.Project, o.Stack = "Web_Shop", "Production.EU-of-the-year-two-thousand"
		d := deployThreats(t, o, nil)
		component := d.Only(threatsType)
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllTagged(nil)
		d.NoHardCodedPartition()
		assert.Empty(t, d.Logs("warning"))
		for _, r := range d.All() {
			assert.Empty(t, r.Provider, r.URN)
			assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
		}
		detector := d.Only(detectorType)
		assert.Equal(t, true, detector.Get("enable"))
		assert.Equal(t, "FIFTEEN_MINUTES", detector.String("findingPublishingFrequency"))
		assert.Equal(t, "ACCOUNT", d.Only(analyzerType).String("type"))
		hub := d.Only(securityHubType)
		assert.Equal(t, false, hub.Get("enableDefaultStandards"))
		assert.Equal(t, "SECURITY_CONTROL", hub.String("controlFindingGenerator"))
		assert.Equal(t, "arn:"+o.Partition+":securityhub:"+homeOf(o)+"::"+standardsOfFSBP, d.Only(standardType).String("standardsArn"))
		for _, typ := range []string{exportType, findingAggregator, inspectorType, macieType, eventRuleType, filterType, malwarePlanType} {
			assert.Empty(t, d.ByType(typ), typ)
		}
	})
}

// TestOneDetectorInEveryRegion: and every plan is stated as on or off, wherever it exists.
func TestOneDetectorInEveryRegion(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		d := coverThreats(t, o, covered, threatArgs{})
		further := make([]string, len(covered))
		for i, region := range covered {
			further[i] = "aws-" + region
		}
		d.AllUseProviderOf(d.Only(threatsType), further...)
		assert.Len(t, d.ByType(detectorType), len(covered))
		assert.Len(t, d.ByType(analyzerType), len(covered))
		assert.Len(t, d.ByType(securityHubType), 1, "a standard costs in every Region")
		want := map[string]string{
			"S3_DATA_EVENTS": "ENABLED", "EKS_AUDIT_LOGS": "ENABLED", "EBS_MALWARE_PROTECTION": "ENABLED",
			"RDS_LOGIN_EVENTS": "ENABLED", "LAMBDA_NETWORK_LOGS": "ENABLED", "RUNTIME_MONITORING": "DISABLED",
		}
		if o.Partition == "aws-cn" {
			delete(want, "RUNTIME_MONITORING")
		}
		for _, region := range covered {
			detector := d.One(detectorType, "threats-detector-"+region)
			assert.Equal(t, region, detector.Region)
			stated := map[string]string{}
			for _, plan := range d.ByType(planType) {
				if plan.Region != region {
					continue
				}
				stated[plan.String("name")] = plan.String("status")
				assert.Contains(t, plan.Dependencies, detector.URN)
				if !o.DryRun {
					assert.Equal(t, detector.ID, plan.String("detectorId"))
				}
			}
			assert.Equal(t, want, stated, region)
		}
	})
}

// TestPlansAreWhatTheArgumentsSay: each switch changes its own plan, and an agent is on or off, never unsaid.
func TestPlansAreWhatTheArgumentsSay(t *testing.T) {
	statusOf := func(d *testkit.Deployment, plan threatdetection.Plan) *testkit.Resource {
		for _, r := range d.ByType(planType) {
			if r.String("name") == string(plan) {
				return r
			}
		}
		t.Fatalf("no plan %s", plan)
		return nil
	}
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		o := testkit.Options{DryRun: m.DryRun}
		for _, switched := range threatdetection.Plans() {
			d := deployThreats(t, o, &threatArgs{Plans: map[threatdetection.Plan]bool{switched.Plan: !switched.Default}})
			for _, plan := range threatdetection.Plans() {
				on := plan.Default != (plan.Plan == switched.Plan)
				assert.Equal(t, map[bool]string{true: "ENABLED", false: "DISABLED"}[on], statusOf(d, plan.Plan).String("status"), plan.Plan)
			}
		}
		d := deployThreats(t, o, &threatArgs{
			Plans:         map[threatdetection.Plan]bool{threatdetection.RuntimeMonitoring: true},
			RuntimeAgents: map[threatdetection.Agent]bool{threatdetection.EKSAddonManagement: true, threatdetection.EC2AgentManagement: false},
		})
		assert.Equal(t, []any{
			map[string]any{"name": "EKS_ADDON_MANAGEMENT", "status": "ENABLED"},
			map[string]any{"name": "ECS_FARGATE_AGENT_MANAGEMENT", "status": "DISABLED"},
			map[string]any{"name": "EC2_AGENT_MANAGEMENT", "status": "DISABLED"},
		}, statusOf(d, threatdetection.RuntimeMonitoring).Get("additionalConfigurations"))
		for _, plan := range d.ByType(planType) {
			assert.NotEqual(t, "EKS_RUNTIME_MONITORING", plan.String("name"), "GuardDuty refuses it beside RUNTIME_MONITORING")
		}
	})
}

// TestPlansOfTheTableAreComplete: every plan says what it costs, and its name is its own.
func TestPlansOfTheTableAreComplete(t *testing.T) {
	var names []threatdetection.Plan
	for _, plan := range threatdetection.Plans() {
		assert.NotEmpty(t, plan.Title, plan.Plan)
		assert.True(t, strings.HasPrefix(plan.PriceDriver, "$"), plan.Plan)
		assert.NotContains(t, names, plan.Plan)
		names = append(names, plan.Plan)
	}
	table := threatdetection.Plans()
	table[0].Plan, table[len(table)-1].Agents[0] = "changed", "changed"
	assert.NotEqual(t, table[0].Plan, threatdetection.Plans()[0].Plan)
	assert.NotEqual(t, table[len(table)-1].Agents[0], threatdetection.Plans()[len(table)-1].Agents[0])
}

// TestMissingPlansAreSkippedAndSaid: a Region without a plan fails no deployment.
func TestMissingPlansAreSkippedAndSaid(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		var made *threatdetection.ThreatDetection
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) (err error) {
			made, err = coveredThreats(ctx, []string{"ap-northeast-1", "ap-east-2"}, threatArgs{
				MissingPlans: map[string][]threatdetection.Plan{"ap-northeast-1": {threatdetection.LambdaNetworkLogs}},
			})
			return err
		})
		assert.Equal(t, []string{"RDS_LOGIN_EVENTS in ap-east-2", "LAMBDA_NETWORK_LOGS in ap-northeast-1"}, awaitStrings(t, made.SkippedPlans))
		assert.NotContains(t, d.Names(planType), "threats-plan-rds-login-events-ap-east-2")
		assert.NotContains(t, d.Names(planType), "threats-plan-lambda-network-logs-ap-northeast-1")
		assert.Len(t, d.ByType(planType), 10)
		assert.Len(t, d.Logs("info"), 1)
		assert.Contains(t, d.Logs("info")[0], "RDS_LOGIN_EVENTS in ap-east-2")
	})
}

func TestThreatsUseWhatExists(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "eu-west-1", "us-east-1"}
		var made *threatdetection.ThreatDetection
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) (err error) {
			archive, err := logarchive.NewLogArchive(ctx, "archive", nil)
			if err != nil {
				return err
			}
			args := everyThreat("aws", covered)
			args.Archive = archive
			args.Detectors = map[string]threatdetection.Existing{"eu-west-1": {Existing: someDetectorID}, "us-east-1": {Adopt: "f" + someDetectorID[1:]}}
			args.AccessAnalyzer.Analyzers = map[string]threatdetection.Existing{"eu-west-1": {Existing: "theirs"}, "us-east-1": {Adopt: "console"}}
			args.AccessAnalyzer.UnusedAnalyzer = threatdetection.Existing{Adopt: "unused"}
			args.SecurityHub.Existing, args.SecurityHub.Adopt = []string{"eu-west-1"}, []string{"us-east-1"}
			made, err = coveredThreats(ctx, covered, args)
			return err
		})
		assert.Equal(t, []string{"threats-detector-ap-northeast-1", "threats-detector-us-east-1"}, d.Names(detectorType))
		adopted := d.One(detectorType, "threats-detector-us-east-1")
		assert.Equal(t, "f"+someDetectorID[1:], adopted.ImportID)
		assert.Equal(t, []string{"tags", "tagsAll"}, adopted.IgnoreChanges, "whether it is enabled, and its frequency, must not be ignored")
		assert.Equal(t, []string{"threats-hub-ap-northeast-1", "threats-hub-us-east-1"}, d.Names(securityHubType))
		assert.Equal(t, accountID, d.One(securityHubType, "threats-hub-us-east-1").ImportID)
		assert.Equal(t, []string{"threats-external-access-ap-northeast-1", "threats-external-access-us-east-1", "threats-unused-access"}, d.Names(analyzerType))
		assert.Equal(t, "console", d.One(analyzerType, "threats-external-access-us-east-1").String("analyzerName"))
		assert.Equal(t, "unused", d.One(analyzerType, "threats-unused-access").ImportID)
		for _, typ := range []string{planType, filterType, trustedListType, threatListType, exportType, standardType, controlType, analyzerRuleType} {
			require.NotEmpty(t, d.ByType(typ), typ)
			for _, r := range d.ByType(typ) {
				assert.NotEqual(t, "eu-west-1", r.Region, "what belongs to something unmanaged is its owner's: %s", r.URN)
			}
		}
		gaps := strings.Join(awaitStrings(t, made.Gaps), "\n")
		for _, said := range []string{
			"GuardDuty's detectors stay unmanaged in eu-west-1: plans, filters, lists and export are their owner's (Detectors)",
			"External access analyzers stay unmanaged in eu-west-1: their archive rules are their owner's (AccessAnalyzer.Analyzers)",
			"Security Hub stays unmanaged in eu-west-1: standards and controls are its owner's (SecurityHub.Existing)",
		} {
			assert.Contains(t, gaps, said)
		}
		if !m.DryRun {
			ids, _, _, err := testkit.Await(made.DetectorIds)
			require.NoError(t, err)
			assert.Len(t, ids, 3)
			assert.Equal(t, someDetectorID, ids.(map[string]string)["eu-west-1"])
		}
	})
}

func awaitStrings(t *testing.T, output pulumi.StringArrayOutput) []string {
	t.Helper()
	value, known, _, err := testkit.Await(output)
	require.NoError(t, err)
	require.True(t, known)
	return value.([]string)
}

// TestDetectorsGoUnlessAskedToStay: with a detector its plans end, and what they cost.
func TestDetectorsGoUnlessAskedToStay(t *testing.T) {
	for _, keep := range []bool{false, true} {
		d := coverThreats(t, testkit.Options{}, []string{"ap-northeast-1", "us-east-1"}, threatArgs{KeepDetectors: keep})
		for _, detector := range d.ByType(detectorType) {
			assert.Equal(t, keep, detector.RetainOnDelete, detector.URN)
		}
	}
}

func TestFindingsAreExportedFromEveryRegion(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		var made *threatdetection.ThreatDetection
		d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
			archive, err := logarchive.NewLogArchive(ctx, "archive", nil)
			if err != nil {
				return err
			}
			made, err = coveredThreats(ctx, covered, threatArgs{Archive: archive})
			return err
		})
		assert.Len(t, d.ByType(exportType), len(covered))
		for _, export := range d.ByType(exportType) {
			assert.Equal(t, "arn:"+o.Partition+":s3:::account-baseline-dev-archive-delivery-"+accountID, export.String("destinationArn"))
			for _, before := range []*testkit.Resource{
				d.One(bucketPolicyType, "archive-delivery-policy"), d.One(keyPolicyType, "archive-key-policy"), d.One(detectorType, "threats-detector-"+export.Region),
			} {
				assert.Contains(t, export.Dependencies, before.URN)
			}
			if !o.DryRun {
				assert.Equal(t, d.Only(keyType).Outputs["arn"], export.String("kmsKeyArn"))
			}
		}
		assert.Equal(t, sortedCopy(covered), awaitStrings(t, made.ExportRegions))
		assert.NotContains(t, strings.Join(awaitStrings(t, made.Gaps), "\n"), "exported")
	})
}

// TestOneGapForAllRegions: what is true of many Regions is one sentence that names them, sorted.
func TestOneGapForAllRegions(t *testing.T) {
	covered := regionsOf("aws")
	require.GreaterOrEqual(t, len(covered), 17)
	args := threatArgs{Detectors: map[string]threatdetection.Existing{}, MissingPlans: map[string][]threatdetection.Plan{}, SecurityHub: threatdetection.SecurityHubArgs{Regions: covered, Existing: covered}}
	args.AccessAnalyzer.Analyzers = map[string]threatdetection.Existing{}
	for i, region := range covered {
		args.AccessAnalyzer.Analyzers[region] = threatdetection.Existing{Existing: "theirs"}
		if i%2 == 0 {
			args.Detectors[region] = threatdetection.Existing{Existing: someDetectorID}
		} else {
			args.MissingPlans[region] = []threatdetection.Plan{threatdetection.LambdaNetworkLogs, threatdetection.S3DataEvents}
		}
	}
	var made *threatdetection.ThreatDetection
	testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) (err error) {
		made, err = coveredThreats(ctx, covered, args)
		return err
	})
	gaps := awaitStrings(t, made.Gaps)
	assert.Len(t, gaps, 6, gaps)
	sorted := sortedCopy(covered)
	all := strings.Join(sorted[:len(sorted)-1], ", ") + " and " + sorted[len(sorted)-1]
	assert.Contains(t, gaps, "Security Hub stays unmanaged in "+all+": standards and controls are its owner's (SecurityHub.Existing)")
	assert.Contains(t, gaps, "External access analyzers stay unmanaged in "+all+": their archive rules are their owner's (AccessAnalyzer.Analyzers)")
	seen := map[string]bool{}
	region := regexp.MustCompile(`[a-z]{2}(-[a-z]+)+-[0-9]`)
	for _, gap := range gaps {
		said := region.ReplaceAllString(gap, "")
		assert.False(t, seen[said], gap)
		seen[said] = true
	}
}

// TestMissingExportIsSaid: GuardDuty exports with a customer-managed key only, and not to everywhere.
func TestMissingExportIsSaid(t *testing.T) {
	for _, row := range []struct {
		archive *logarchive.LogArchiveArgs // nil: none
		args    threatArgs
		covered []string
		exports int
		want    string
	}{
		{nil, threatArgs{}, []string{"ap-northeast-1"}, 0, "Findings are kept by GuardDuty alone, for 90 days, and are not exported: there is no archive (Archive)"},
		{&logarchive.LogArchiveArgs{Encryption: logarchive.S3Managed}, threatArgs{}, []string{"ap-northeast-1"}, 0,
			"Findings are kept by GuardDuty alone, for 90 days, and are not exported: the archive account-baseline-dev-archive-delivery-123456789012 has no key, and GuardDuty exports with a customer-managed key only"},
		{&logarchive.LogArchiveArgs{OmitDeliveryBucket: true}, threatArgs{}, []string{"ap-northeast-1"}, 0,
			"Findings are kept by GuardDuty alone, for 90 days, and are not exported: the archive has no delivery bucket of its own"},
		{&logarchive.LogArchiveArgs{Central: &logarchive.CentralBucket{Name: "central"}}, threatArgs{}, []string{"ap-northeast-1"}, 0,
			"Findings are kept by GuardDuty alone, for 90 days, and are not exported: the archive has no delivery bucket of its own"},
		{&logarchive.LogArchiveArgs{}, threatArgs{OmitExport: true}, []string{"ap-northeast-1"}, 0, "Findings are kept by GuardDuty alone, for 90 days, and are not exported: they are to stay where they are (OmitExport)"},
		{&logarchive.LogArchiveArgs{}, threatArgs{}, []string{"eu-south-1", "eu-west-1", "ap-northeast-1", "us-east-1"}, 1,
			"Findings are not exported from ap-northeast-1, eu-west-1 and us-east-1: GuardDuty does not export from another Region to eu-south-1, which is disabled by default"},
	} {
		testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
			var made *threatdetection.ThreatDetection
			d := testkit.Run(t, testkit.Options{DryRun: m.DryRun, Region: row.covered[0]}, func(ctx *pulumi.Context) (err error) {
				args := row.args
				if row.archive != nil {
					if args.Archive, err = logarchive.NewLogArchive(ctx, "archive", row.archive); err != nil {
						return err
					}
				}
				made, err = coveredThreats(ctx, row.covered, args)
				return err
			})
			assert.Len(t, d.ByType(exportType), row.exports)
			assert.Contains(t, awaitStrings(t, made.Gaps), row.want)
		})
	}
}

func TestSuppressionFiltersAndLists(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "us-east-1"}
		args := everyThreat("aws", covered)
		args.SuppressionFilters = append(args.SuppressionFilters, threatdetection.SuppressionFilter{
			Name: "bastion", Equals: map[string][]string{"service.action.networkConnectionAction.remoteIpDetails.ipAddressV4": {"198.51.100.7"}}, Regions: []string{"us-east-1"},
		})
		d := coverThreats(t, testkit.Options{DryRun: m.DryRun}, covered, args)
		assert.Equal(t, []string{"threats-filter-bastion-us-east-1", "threats-filter-scanner-ap-northeast-1", "threats-filter-scanner-us-east-1"}, d.Names(filterType))
		filter := d.One(filterType, "threats-filter-scanner-us-east-1")
		assert.Equal(t, "ARCHIVE", filter.String("action"))
		assert.EqualValues(t, 1, filter.Get("rank"))
		assert.EqualValues(t, 2, d.One(filterType, "threats-filter-bastion-us-east-1").Get("rank"))
		assert.Equal(t, []any{
			map[string]any{"field": "resource.instanceDetails.tags.value", "equals": []any{"scanner"}},
			map[string]any{"field": "type", "equals": []any{"Recon:EC2/Portscan"}},
			map[string]any{"field": "service.action.networkConnectionAction.blocked", "notEquals": []any{"false"}},
		}, filter.Get("findingCriteria.criterions"))
		assert.Len(t, d.ByType(trustedListType), 2)
		assert.Equal(t, "TXT", d.One(trustedListType, "threats-trusted-ips-us-east-1").String("format"))
		assert.Equal(t, "s3://lists/threats.stix", d.One(threatListType, "threats-threat-ips-0-us-east-1").String("location"))
	})
}

func TestAnalyzersOfAccess(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)[:2]
		args := everyThreat(o.Partition, covered)
		args.AccessAnalyzer.UnusedAccessAge = 30
		d := coverThreats(t, o, covered, args)
		unused := d.One(analyzerType, "threats-unused-access")
		assert.Equal(t, covered[0], unused.Region)
		assert.EqualValues(t, 30, unused.Get("configuration.unusedAccess.unusedAccessAge"))
		assert.True(t, unused.DeleteBeforeReplace)
		for _, region := range covered {
			assert.Equal(t, threatsPrefix+"-external-access", d.One(analyzerType, "threats-external-access-"+region).String("analyzerName"))
			rule := d.One(analyzerRuleType, "threats-archive-rule-partner-"+region)
			assert.Equal(t, []any{
				map[string]any{"criteria": "principal.AWS", "eqs": []any{foreignAccount}},
				map[string]any{"criteria": "resource", "contains": []any{"shared"}},
			}, rule.Get("filters"))
		}
	})
}

func TestSecurityHubAggregatesToTheHomeRegion(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		d := coverThreats(t, o, covered, threatArgs{SecurityHub: threatdetection.SecurityHubArgs{
			Regions: covered, Standards: []string{threatdetection.FSBP, threatdetection.CIS300},
		}})
		aggregator := d.Only(findingAggregator)
		assert.Equal(t, covered[0], aggregator.Region)
		assert.Equal(t, "SPECIFIED_REGIONS", aggregator.String("linkingMode"))
		assert.Equal(t, toAny(sortedCopy(covered[1:])), aggregator.Get("specifiedRegions"))
		for _, region := range covered {
			hub := d.One(securityHubType, "threats-hub-"+region)
			assert.Contains(t, aggregator.Dependencies, hub.URN)
			first, second := d.One(standardType, "threats-standard-fsbp-1-0-0-"+region), d.One(standardType, "threats-standard-cis-3-0-0-"+region)
			assert.Equal(t, "arn:"+o.Partition+":securityhub:"+region+"::"+standardsOfCIS300, second.String("standardsArn"))
			assert.Contains(t, first.Dependencies, hub.URN)
			assert.Contains(t, second.Dependencies, first.URN, "Security Hub refuses two changes at once")
			assert.Contains(t, second.Dependencies, hub.URN)
		}
		assert.Empty(t, d.ByType(controlType))
		oldest := coverThreats(t, o, covered, threatArgs{SecurityHub: threatdetection.SecurityHubArgs{
			Standards: []string{threatdetection.CIS120}, DisabledControls: []threatdetection.DisabledControl{{ID: "IAM.6", Reason: "no hardware keys"}},
		}})
		const ruleset = "ruleset/cis-aws-foundations-benchmark/v/1.2.0"
		assert.Equal(t, "arn:"+o.Partition+":securityhub:::"+ruleset, oldest.One(standardType, "threats-standard-cis-1-2-0-"+covered[0]).String("standardsArn"))
		assert.Equal(t, "arn:"+o.Partition+":securityhub:::"+ruleset, oldest.Only(controlType).String("standardsArn"))
		own := coverThreats(t, o, covered, threatArgs{SecurityHub: threatdetection.SecurityHubArgs{Regions: covered, OmitAggregator: true}})
		assert.Empty(t, own.ByType(findingAggregator))
	})
}

// TestControlsAreSwitchedOffWithAReason: those about IAM outside the home Region, where they are known to exist.
func TestControlsAreSwitchedOffWithAReason(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "eu-south-1", "eu-west-1"}
		args := everyThreat("aws", covered)
		args.SecurityHub.DisabledControls = append(args.SecurityHub.DisabledControls, threatdetection.DisabledControl{ID: "IAM.6", Reason: "no hardware keys"})
		d := coverThreats(t, testkit.Options{DryRun: m.DryRun}, covered, args)
		off := map[string][]string{}
		for _, control := range d.ByType(controlType) {
			assert.Equal(t, "DISABLED", control.String("associationStatus"))
			standard := control.String("standardsArn")
			assert.Contains(t, standard, ":"+control.Region+":")
			name := control.String("securityControlId") + " of " + standard[strings.LastIndex(standard, ":standards/")+len(":standards/"):]
			off[control.Region] = append(off[control.Region], name+": "+control.String("updatedReason"))
		}
		const fsbp, cis = " of aws-foundational-security-best-practices/v/1.0.0", " of cis-aws-foundations-benchmark/v/3.0.0"
		asked := []string{"EC2.10" + fsbp + ": no VPC here", "IAM.6" + cis + ": no hardware keys", "IAM.6" + fsbp + ": no hardware keys"}
		for _, region := range []string{"ap-northeast-1", "eu-south-1"} {
			assert.ElementsMatch(t, asked, off[region], region)
		}
		for _, said := range append(asked, "KMS.1"+fsbp+": IAM is global: ap-northeast-1 checks it", "IAM.9"+cis+": IAM is global: ap-northeast-1 checks it") {
			assert.Contains(t, off["eu-west-1"], said)
		}
		assert.NotContains(t, off["eu-west-1"], "IAM.6"+fsbp+": IAM is global: ap-northeast-1 checks it")
		assert.Len(t, off["eu-west-1"], 1+11+12)
	})
}

func TestScannersAreOptions(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "us-east-1"}
		d := coverThreats(t, testkit.Options{DryRun: m.DryRun}, covered, threatArgs{
			Inspector: threatdetection.InspectorArgs{Regions: []string{"us-east-1"}, ResourceTypes: []string{"ECR"}},
			Macie:     threatdetection.MacieArgs{Regions: []string{"us-east-1"}, FindingPublishingFrequency: "ONE_HOUR"},
		})
		inspector := d.Only(inspectorType)
		assert.Equal(t, "us-east-1", inspector.Region)
		assert.Equal(t, []any{accountID}, inspector.Get("accountIds"))
		assert.Equal(t, []any{"ECR"}, inspector.Get("resourceTypes"))
		assert.Equal(t, "ONE_HOUR", d.Only(macieType).String("findingPublishingFrequency"))
		whole := coverThreats(t, testkit.Options{DryRun: m.DryRun}, covered, everyThreat("aws", covered))
		assert.Equal(t, []any{"EC2", "ECR", "LAMBDA"}, whole.One(inspectorType, "threats-inspector-us-east-1").Get("resourceTypes"))
	})
}

// TestScannersGoWhereTheyExist: a Region without Inspector, Macie or scans of code fails no deployment, unless it was named.
func TestScannersGoWhereTheyExist(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "eu-south-1", "eu-south-2", "sa-east-1"}
		var made *threatdetection.ThreatDetection
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) (err error) {
			made, err = coveredThreats(ctx, covered, threatArgs{
				Inspector: threatdetection.InspectorArgs{EveryRegion: true, ResourceTypes: []string{"LAMBDA", "LAMBDA_CODE"}},
				Macie:     threatdetection.MacieArgs{EveryRegion: true},
			})
			return err
		})
		assert.Equal(t, []string{"threats-inspector-ap-northeast-1", "threats-inspector-eu-south-1", "threats-inspector-sa-east-1"}, d.Names(inspectorType))
		assert.Equal(t, []string{"threats-macie-ap-northeast-1", "threats-macie-eu-south-1", "threats-macie-sa-east-1"}, d.Names(macieType))
		assert.Equal(t, []any{"LAMBDA", "LAMBDA_CODE"}, d.One(inspectorType, "threats-inspector-ap-northeast-1").Get("resourceTypes"))
		assert.Equal(t, []any{"LAMBDA"}, d.One(inspectorType, "threats-inspector-sa-east-1").Get("resourceTypes"))
		gaps := awaitStrings(t, made.Gaps)
		for _, said := range []string{
			"Inspector is left out in eu-south-2, which are not known to have it (Inspector.Regions)",
			"Inspector does not scan the code of functions in eu-south-1 and sa-east-1, which are not known to have that (Inspector.ResourceTypes)",
			"Macie is left out in eu-south-2, which are not known to have it (Macie.Regions)",
		} {
			assert.Contains(t, gaps, said)
		}
		named := coverThreats(t, testkit.Options{DryRun: m.DryRun}, covered, threatArgs{
			Inspector: threatdetection.InspectorArgs{Regions: covered}, Macie: threatdetection.MacieArgs{Regions: covered},
		})
		assert.Len(t, named.ByType(inspectorType), 4, "who names a Region knows better")
		assert.Len(t, named.ByType(macieType), 4)
	})
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		d := coverThreats(t, o, covered, threatArgs{Inspector: threatdetection.InspectorArgs{EveryRegion: true}})
		assert.Len(t, d.ByType(inspectorType), len(covered), "those that are enabled by default have it")
	})
}

// TestEverythingCanBeLeftOut: each omission takes its resources away, says so, and leaves the others.
func TestEverythingCanBeLeftOut(t *testing.T) {
	for _, row := range []struct {
		args threatArgs
		gone []string
		said string
	}{
		{threatArgs{OmitGuardDuty: true}, []string{detectorType, planType}, "GuardDuty is left out"},
		{threatArgs{AccessAnalyzer: threatdetection.AccessAnalyzerArgs{Omit: true}}, []string{analyzerType}, "IAM Access Analyzer is left out"},
		{threatArgs{SecurityHub: threatdetection.SecurityHubArgs{Omit: true}}, []string{securityHubType, standardType}, ""},
	} {
		var made *threatdetection.ThreatDetection
		d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) (err error) {
			made, err = threatdetection.NewThreatDetection(ctx, "threats", &row.args)
			return err
		})
		for _, typ := range []string{detectorType, planType, analyzerType, securityHubType, standardType} {
			assert.Equal(t, slices.Contains(row.gone, typ), len(d.ByType(typ)) == 0, typ)
		}
		assert.Contains(t, strings.Join(awaitStrings(t, made.Gaps), "\n"), row.said)
	}
}

func TestThreatsHonourTheOptionsOfTheirUser(t *testing.T) {
	d := deployThreats(t, testkit.Options{}, nil, pulumi.Protect(true), pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("detection")}}))
	assert.Len(t, d.Only(threatsType).Aliases, 1)
	for _, r := range []*testkit.Resource{d.Only(threatsType), d.Only(detectorType), d.Only(analyzerType)} {
		assert.True(t, r.Protect, r.URN)
	}
}

var _ threatdetection.RegionProviders = (*regions.Providers)(nil)

// TestThreatPageHasThePlansOfTheTable: names and prices are written once, and the page has them all.
func TestThreatPageHasThePlansOfTheTable(t *testing.T) {
	page, err := os.ReadFile("../docs/threatdetection.md")
	require.NoError(t, err)
	for _, plan := range threatdetection.Plans() {
		row := fmt.Sprintf("| `%s` | %s |", plan.Plan, plan.Title)
		for _, profile := range []string{"starter", "standard", "strict"} {
			row += map[bool]string{true: " on |", false: " off |"}[slices.Contains(plan.Profiles, profile)]
		}
		assert.Equal(t, plan.Default, slices.Contains(plan.Profiles, "standard"))
		assert.Contains(t, string(page), fmt.Sprintf("%s %s | %s", row, plan.PriceDriver, strings.Join(plan.MissingIn, ", ")))
		for _, agent := range plan.Agents {
			assert.Contains(t, string(page), "`"+string(agent)+"`")
		}
	}
}

// TestThreatDetectionCompilesItsServicesOnly: pulumi-aws packages take minutes and gigabytes to compile.
func TestThreatDetectionCompilesItsServicesOnly(t *testing.T) {
	compiled := goList(t, "-deps", "./components/threatdetection")
	for _, other := range []string{"athena", "budgets", "cfg", "cloudtrail", "costexplorer", "ec2", "glue", "sfn", "ssm"} {
		assert.NotContains(t, compiled, providerSDK+other)
	}
}
