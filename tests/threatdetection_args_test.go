package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// threatsRefusal is the error of a component in some Regions, home first, and what was declared before it, providers aside.
func threatsRefusal(t *testing.T, o testkit.Options, covered []string, args threatArgs) ([]*testkit.Resource, error) {
	t.Helper()
	var refused error
	d, _ := testkit.RunErr(t, o, func(ctx *pulumi.Context) error {
		_, refused = coveredThreats(ctx, covered, args)
		return refused
	})
	var declared []*testkit.Resource
	for _, r := range d.All() {
		if r.Type != "pulumi:providers:aws" {
			declared = append(declared, r)
		}
	}
	return declared, refused
}

func TestThreatArgsAreRefused(t *testing.T) {
	type existing = map[string]threatdetection.Existing
	type analyzer = threatdetection.AccessAnalyzerArgs
	type hubArgs = threatdetection.SecurityHubArgs
	type filter = threatdetection.SuppressionFilter
	type values = map[string][]string
	hub := &alerthub.AlertHub{}
	many := func(n int) (all []filter) {
		for i := range n {
			all = append(all, filter{Name: "f" + strings.Repeat("x", 2+i%60) + strings.Repeat("y", i/60), Equals: values{"type": {"a"}}})
		}
		return all
	}
	filters := func(all ...filter) threatArgs { return threatArgs{SuppressionFilters: all} }
	rules := func(all ...threatdetection.ArchiveRule) threatArgs {
		return threatArgs{AccessAnalyzer: analyzer{ArchiveRules: all}}
	}
	buckets := func(all ...threatdetection.MalwareProtectedBucket) threatArgs {
		return threatArgs{MalwareProtectedBuckets: all}
	}
	controls := func(all ...threatdetection.DisabledControl) threatArgs {
		return threatArgs{SecurityHub: hubArgs{DisabledControls: all}}
	}
	const (
		standards = "aws-foundational-security-best-practices/v/1.0.0, cis-aws-foundations-benchmark/v/1.2.0, cis-aws-foundations-benchmark/v/1.4.0, cis-aws-foundations-benchmark/v/3.0.0, " +
			"cis-aws-foundations-benchmark/v/5.0.0, nist-800-53/v/5.0.0, pci-dss/v/4.0.1, aws-resource-tagging-standard/v/1.0.0"
		planNames = "S3_DATA_EVENTS, EKS_AUDIT_LOGS, EBS_MALWARE_PROTECTION, RDS_LOGIN_EVENTS, LAMBDA_NETWORK_LOGS, RUNTIME_MONITORING"
	)
	rows := []struct {
		covered []string // nil: ap-northeast-1 and eu-west-1
		args    threatArgs
		want    string
	}{
		{nil, threatArgs{NamePrefix: "Upper"}, `NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
		{nil, threatArgs{IgnoreChangesBy: []string{"deployer"}}, `IgnoreChangesBy[0]: "deployer" is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer`},
		{nil, threatArgs{FindingPublishingFrequency: "DAILY"}, `FindingPublishingFrequency: "DAILY" is none of FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS`},
		{nil, threatArgs{OmitGuardDuty: true, KeepDetectors: true}, `KeepDetectors: has no effect without GuardDuty; leave it or OmitGuardDuty out`},
		{nil, threatArgs{OmitGuardDuty: true, Plans: map[threatdetection.Plan]bool{threatdetection.S3DataEvents: true}}, `Plans: has no effect without GuardDuty; leave it or OmitGuardDuty out`},
		{nil, threatArgs{Detectors: existing{"eu-west-1": {}}}, `Detectors["eu-west-1"]: neither Existing nor Adopt names it; leave it out to have one made`},
		{nil, threatArgs{Detectors: existing{"eu-west-1": {Existing: someDetectorID, Adopt: someDetectorID}}},
			`Detectors["eu-west-1"]: Existing "` + someDetectorID + `" stays unmanaged and Adopt "` + someDetectorID + `" is imported, but there is one only; leave out one of them`},
		{nil, threatArgs{Detectors: existing{"eu-west-1": {Adopt: "12abc"}}}, `Detectors["eu-west-1"]: "12abc" is no detector id of 32 hexadecimal digits`},
		{nil, threatArgs{Detectors: existing{"us-east-1": {Adopt: someDetectorID}}}, `Detectors["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, threatArgs{Plans: map[threatdetection.Plan]bool{"S3": true}}, `Plans["S3"]: no such plan; there are ` + planNames},
		{nil, threatArgs{Plans: map[threatdetection.Plan]bool{"EKS_RUNTIME_MONITORING": true}}, `Plans["EKS_RUNTIME_MONITORING"]: GuardDuty refuses it beside RUNTIME_MONITORING, which covers EKS; use that one`},
		{nil, threatArgs{MissingPlans: map[string][]threatdetection.Plan{"eu-west-1": {"S3"}}}, `MissingPlans["eu-west-1"][0]: "S3": no such plan; there are ` + planNames},
		{nil, threatArgs{MissingPlans: map[string][]threatdetection.Plan{"us-east-1": nil}}, `MissingPlans["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, threatArgs{RuntimeAgents: map[threatdetection.Agent]bool{"EC2": true}}, `RuntimeAgents["EC2"]: no such agent; there are EKS_ADDON_MANAGEMENT, ECS_FARGATE_AGENT_MANAGEMENT and EC2_AGENT_MANAGEMENT`},
		{nil, threatArgs{RuntimeAgents: map[threatdetection.Agent]bool{threatdetection.EC2AgentManagement: true}},
			`RuntimeAgents["EC2_AGENT_MANAGEMENT"]: an agent without runtime monitoring has no effect; switch on Plans["RUNTIME_MONITORING"] too`},
		{nil, filters(filter{Name: "a b", Equals: values{"type": {"x"}}}), `SuppressionFilters[0].Name: "a b" is no name of a filter: 3 to 64 letters, digits, dots, underscores and hyphens`},
		{nil, filters(filter{Name: "abc", Equals: values{"type": {"x"}}}, filter{Name: "abc", Equals: values{"type": {"x"}}}), `SuppressionFilters[1].Name: "abc" is the name of SuppressionFilters[0] already; rename one of them`},
		{nil, filters(filter{Name: "abc", Reason: "a\nb", Equals: values{"type": {"x"}}}), `SuppressionFilters[0].Reason: 1 to 512 characters without line breaks are possible`},
		{nil, filters(filter{Name: "abc"}), `SuppressionFilters[0]: without Equals or NotEquals it would archive every finding; name what is known to be good`},
		{nil, filters(filter{Name: "abc", Equals: values{"detail.type": {"x"}}}), `SuppressionFilters[0].Equals["detail.type"]: it is no field of a finding, such as resource.instanceDetails.instanceId`},
		{nil, filters(filter{Name: "abc", NotEquals: values{"type": nil}}), `SuppressionFilters[0].NotEquals["type"]: 1 to 50 values are possible, not 0`},
		{nil, filters(filter{Name: "abc", Equals: values{"type": {""}}}), `SuppressionFilters[0].Equals["type"]: a value is empty; remove it`},
		{nil, filters(filter{Name: "abc", Equals: values{"type": {"x"}}, NotEquals: values{"type": {"y"}}}), `SuppressionFilters[0].NotEquals["type"]: Equals has the field too; leave out one of them`},
		{nil, filters(filter{Name: "abc", Equals: values{"type": {"x"}}, Regions: []string{"us-east-1"}}), `SuppressionFilters[0].Regions[0]: us-east-1 is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, filters(many(101)...), `SuppressionFilters: 101 filters, GuardDuty takes at most 100; name fewer`},
		{nil, threatArgs{TrustedIPList: &threatdetection.IPList{Location: "trusted.txt"}}, `TrustedIPList.Location: "trusted.txt" is no URL of an object, such as s3://BUCKET/KEY`},
		{nil, threatArgs{ThreatIPLists: []threatdetection.IPList{{Location: "https://lists.example.com/two.txt"}}}, `ThreatIPLists[0].Location: "https://lists.example.com/two.txt" is no URL of an object, such as s3://BUCKET/KEY`},
		{nil, threatArgs{TrustedIPList: &threatdetection.IPList{Location: "s3://a/b", Format: "CSV"}}, `TrustedIPList.Format: "CSV" is none of TXT, STIX, OTX_CSV, ALIEN_VAULT, PROOF_POINT, FIRE_EYE`},
		{nil, threatArgs{ThreatIPLists: []threatdetection.IPList{{}}}, `ThreatIPLists[0].Location: "" is no URL of an object, such as s3://BUCKET/KEY`},
		{nil, threatArgs{ThreatIPLists: slicesOf(7, threatdetection.IPList{Location: "s3://a/b"})}, `ThreatIPLists: 7 lists, GuardDuty takes at most 6; join some`},
		{nil, buckets(threatdetection.MalwareProtectedBucket{Name: "A"}), `MalwareProtectedBuckets[0].Name: "A" is no bucket name: 3 to 63 lower-case letters, digits, hyphens and single periods`},
		{nil, buckets(threatdetection.MalwareProtectedBucket{Name: "abc"}, threatdetection.MalwareProtectedBucket{Name: "abc"}), `MalwareProtectedBuckets[1].Name: "abc" is MalwareProtectedBuckets[0] already; remove one of them`},
		{nil, buckets(threatdetection.MalwareProtectedBucket{Name: "abc", Prefixes: make([]string, 6)}), `MalwareProtectedBuckets[0].Prefixes: 6 prefixes, at most 5 are possible`},
		{nil, buckets(threatdetection.MalwareProtectedBucket{Name: "abc", KeyArn: "alias/x"}), `MalwareProtectedBuckets[0].KeyArn: "alias/x" is no key ARN such as arn:aws:kms:us-east-1:123456789012:key/…`},
		{nil, threatArgs{Alerts: hub, CriticalFrom: 11}, `CriticalFrom: severities of GuardDuty are 1 to 10, not 11`},
		{nil, threatArgs{Alerts: hub, WarningFrom: 0.5}, `WarningFrom: severities of GuardDuty are 1 to 10, not 0.5`},
		{nil, threatArgs{Alerts: hub, CriticalFrom: 4}, `WarningFrom: 4 is not below CriticalFrom 4; give both`},
		{nil, threatArgs{Alerts: hub, WarningFrom: 1, InformationalFindings: true}, `InformationalFindings: no severity is below WarningFrom 1; leave it out`},
		{nil, threatArgs{CriticalFrom: 8}, `CriticalFrom: nobody would be told; give Alerts`},
		{nil, threatArgs{InformationalFindings: true}, `InformationalFindings: nobody would be told; give Alerts`},
		{nil, threatArgs{TrustedAdvisor: true}, `TrustedAdvisor: nobody would be told; give Alerts`},
		{nil, threatArgs{AccessAnalyzer: analyzer{Omit: true, UnusedAccess: true}}, `AccessAnalyzer.Omit: the other arguments of AccessAnalyzer have no effect with it; leave it or them out`},
		{nil, threatArgs{AccessAnalyzer: analyzer{Analyzers: existing{"eu-west-1": {Existing: "9"}}}},
			`AccessAnalyzer.Analyzers["eu-west-1"]: "9" is no analyzer name: a letter, then at most 254 letters, digits, underscores, dots and hyphens`},
		{nil, threatArgs{AccessAnalyzer: analyzer{Analyzers: existing{"us-east-1": {Existing: "a"}}}}, `AccessAnalyzer.Analyzers["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, threatArgs{AccessAnalyzer: analyzer{UnusedAccessAge: 30}}, `AccessAnalyzer.UnusedAccess: UnusedAccessAge and UnusedAnalyzer have no effect without it; switch it on or leave them out`},
		{nil, threatArgs{AccessAnalyzer: analyzer{UnusedAccess: true, UnusedAccessAge: 366}}, `AccessAnalyzer.UnusedAccessAge: 366 is not between 1 and 365 days`},
		{nil, threatArgs{AccessAnalyzer: analyzer{UnusedAccess: true, UnusedAnalyzer: threatdetection.Existing{Existing: "a", Adopt: "b"}}},
			`AccessAnalyzer.UnusedAnalyzer: Existing "a" stays unmanaged and Adopt "b" is imported, but there is one only; leave out one of them`},
		{nil, rules(threatdetection.ArchiveRule{Name: "9", Equals: values{"resource": {"x"}}}),
			`AccessAnalyzer.ArchiveRules[0].Name: "9" is no name of a rule: a letter, then at most 254 letters, digits, underscores, dots and hyphens`},
		{nil, rules(threatdetection.ArchiveRule{Name: "a"}), `AccessAnalyzer.ArchiveRules[0]: without Equals or Contains it would archive every finding; name what is meant to be`},
		{nil, rules(threatdetection.ArchiveRule{Name: "a", Contains: values{"no key": {"x"}}}), `AccessAnalyzer.ArchiveRules[0].Contains["no key"]: it is no filter key of archive rules, such as principal.AWS or resource`},
		{nil, rules(threatdetection.ArchiveRule{Name: "a", Equals: values{"resource": {"x"}}, Contains: values{"resource": {"y"}}}), `AccessAnalyzer.ArchiveRules[0].Contains["resource"]: Equals has the key too; leave out one of them`},
		{nil, rules(threatdetection.ArchiveRule{Name: "a", Equals: values{"isPublic": {"yes"}}}), `AccessAnalyzer.ArchiveRules[0]: isPublic is true or false, not ["yes"]`},
		{nil, rules(threatdetection.ArchiveRule{Name: "a", Equals: values{"resource": make([]string, 21)}}), `AccessAnalyzer.ArchiveRules[0].Equals["resource"]: 1 to 20 values are possible, not 21`},
		{nil, rules(threatdetection.ArchiveRule{Name: "a", Equals: values{"resource": {"x"}}}, threatdetection.ArchiveRule{Name: "a", Equals: values{"resource": {"x"}}}),
			`AccessAnalyzer.ArchiveRules[1].Name: "a" is the name of AccessAnalyzer.ArchiveRules[0] already; rename one of them`},
		{nil, threatArgs{SecurityHub: hubArgs{Omit: true, Standards: []string{threatdetection.FSBP}}}, `SecurityHub.Omit: the other arguments of SecurityHub have no effect with it; leave it or them out`},
		{nil, threatArgs{SecurityHub: hubArgs{Standards: []string{"fsbp"}}}, `SecurityHub.Standards[0]: "fsbp" is none of ` + standards},
		{nil, threatArgs{SecurityHub: hubArgs{Standards: []string{threatdetection.PCI, threatdetection.PCI}}}, `SecurityHub.Standards[1]: "pci-dss/v/4.0.1" is SecurityHub.Standards[0] already; remove one of them`},
		{nil, threatArgs{SecurityHub: hubArgs{Regions: []string{"ap-northeast-1", "us-east-1"}}}, `SecurityHub.Regions[1]: us-east-1 is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, threatArgs{SecurityHub: hubArgs{Regions: []string{"eu-west-1"}}}, `SecurityHub.Regions: the home Region ap-northeast-1 is missing, to which findings are aggregated; add it, or set OmitAggregator`},
		{[]string{"eu-south-1", "eu-west-1"}, threatArgs{SecurityHub: hubArgs{Regions: []string{"eu-south-1", "eu-west-1"}}},
			`SecurityHub.Regions: Security Hub does not aggregate to eu-south-1, a Region that is disabled by default; name eu-south-1 alone, or set OmitAggregator`},
		{nil, threatArgs{SecurityHub: hubArgs{Existing: []string{"eu-west-1"}}}, `SecurityHub.Existing[0]: eu-west-1 is not among the Regions of Security Hub; they are ap-northeast-1`},
		{nil, threatArgs{SecurityHub: hubArgs{Existing: []string{"ap-northeast-1"}, Adopt: []string{"ap-northeast-1"}}}, `SecurityHub.Adopt[0]: ap-northeast-1 is in Existing too, which stays unmanaged; leave out one of them`},
		{nil, controls(threatdetection.DisabledControl{ID: "IAM", Reason: "x"}), `SecurityHub.DisabledControls[0].ID: "IAM" is no control, such as IAM.6`},
		{nil, controls(threatdetection.DisabledControl{ID: "IAM.6"}), `SecurityHub.DisabledControls[0].Reason: say in 1 to 512 characters, without line breaks, why IAM.6 is switched off`},
		{nil, controls(threatdetection.DisabledControl{ID: "IAM.6", Reason: "x"}, threatdetection.DisabledControl{ID: "IAM.6", Reason: "y"}), `SecurityHub.DisabledControls[1].ID: "IAM.6" is SecurityHub.DisabledControls[0] already; remove one of them`},
		{nil, controls(threatdetection.DisabledControl{ID: "IAM.6", Reason: "x", Standards: []string{threatdetection.NIST}}), `SecurityHub.DisabledControls[0].Standards[0]: "nist-800-53/v/5.0.0" is not among SecurityHub.Standards`},
		{nil, threatArgs{Inspector: threatdetection.InspectorArgs{ResourceTypes: []string{"EC2"}}}, `Inspector.ResourceTypes: has no effect without Inspector.Regions; name the Regions to scan`},
		{nil, threatArgs{Inspector: threatdetection.InspectorArgs{Regions: []string{"us-east-1"}}}, `Inspector.Regions[0]: us-east-1 is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, threatArgs{Inspector: threatdetection.InspectorArgs{Regions: []string{"eu-west-1"}, ResourceTypes: []string{"S3"}}}, `Inspector.ResourceTypes[0]: "S3" is none of EC2, ECR, LAMBDA, LAMBDA_CODE`},
		{nil, threatArgs{Inspector: threatdetection.InspectorArgs{Regions: []string{"eu-west-1"}, ResourceTypes: []string{"LAMBDA_CODE"}}}, `Inspector.ResourceTypes: LAMBDA_CODE needs LAMBDA; add it`},
		{nil, threatArgs{Macie: threatdetection.MacieArgs{Regions: []string{"us-east-1"}}}, `Macie.Regions[0]: us-east-1 is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, threatArgs{Macie: threatdetection.MacieArgs{Regions: []string{"eu-west-1"}, FindingPublishingFrequency: "x"}}, `Macie.FindingPublishingFrequency: "x" is none of FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS`},
		{nil, threatArgs{Macie: threatdetection.MacieArgs{FindingPublishingFrequency: "ONE_HOUR"}}, `Macie.FindingPublishingFrequency: has no effect without Macie.Regions; name the Regions`},
		{nil, threatArgs{Inspector: threatdetection.InspectorArgs{EveryRegion: true, Regions: []string{"eu-west-1"}}}, `Inspector.EveryRegion: Inspector.Regions names some; leave out one of them`},
		{nil, threatArgs{Macie: threatdetection.MacieArgs{EveryRegion: true, Regions: []string{"eu-west-1"}}}, `Macie.EveryRegion: Macie.Regions names some; leave out one of them`},
		{[]string{"cn-north-1"}, threatArgs{Macie: threatdetection.MacieArgs{EveryRegion: true}}, `Macie.Regions: partition aws-cn has no Amazon Macie; leave it out`},
		{nil, threatArgs{PublicHealthIssues: true}, `PublicHealthIssues: nobody would be told; give Alerts`},
		{nil, threatArgs{Alerts: hub, OmitHealth: true, PublicHealthIssues: true}, `PublicHealthIssues: has no effect without AWS Health; leave it or OmitHealth out`},
		{[]string{"cn-north-1"}, threatArgs{Macie: threatdetection.MacieArgs{Regions: []string{"cn-north-1"}}}, `Macie.Regions: partition aws-cn has no Amazon Macie; leave it out`},
		{[]string{"us-gov-west-1"}, threatArgs{Alerts: hub, TrustedAdvisor: true}, `TrustedAdvisor: partition aws-us-gov has no AWS Trusted Advisor events; leave it out`},
		{nil, threatArgs{NamePrefix: "A", FindingPublishingFrequency: "x", Inspector: threatdetection.InspectorArgs{Regions: []string{"mars"}}},
			`NamePrefix: "A" is shorter than 3 characters, the least for a bucket or trail` + "\n" +
				`FindingPublishingFrequency: "x" is none of FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS` + "\n" +
				`Inspector.Regions[0]: mars is not covered; covered are ap-northeast-1, eu-west-1`},
	}
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, row := range rows {
			covered, o := row.covered, testkit.Options{DryRun: m.DryRun}
			if covered == nil {
				covered = []string{"ap-northeast-1", "eu-west-1"}
			}
			for _, p := range testkit.Partitions {
				if p.Home == covered[0] {
					o.Partition = p.Name
				}
			}
			declared, err := threatsRefusal(t, o, covered, row.args)
			assert.EqualError(t, err, `threat detection "threats": `+row.want)
			assert.Empty(t, declared, row.want)
		}
	})
}

func slicesOf[T any](n int, value T) (all []T) {
	for range n {
		all = append(all, value)
	}
	return all
}

// TestThreatsOfOneRegionAreRefusedToo: where no Regions are given, AWS tells which one it is.
func TestThreatsOfOneRegionAreRefusedToo(t *testing.T) {
	d, err := testkit.RunErr(t, testkit.Options{Partition: "aws-cn"}, func(ctx *pulumi.Context) error {
		_, err := threatdetection.NewThreatDetection(ctx, "threats", &threatArgs{Macie: threatdetection.MacieArgs{Regions: []string{"cn-north-1"}}})
		return err
	})
	assert.ErrorContains(t, err, `threat detection "threats": Macie.Regions: partition aws-cn has no Amazon Macie; leave it out`)
	for _, r := range d.All() {
		assert.False(t, r.Custom, r.URN)
	}
}

// TestThreatsAtOddsWithTheirRegionAreRefused: topics, buckets and what exists once per account are in the home Region.
func TestThreatsAtOddsWithTheirRegionAreRefused(t *testing.T) {
	for want, args := range map[string]func(ctx *pulumi.Context, elsewhere *aws.Provider) (threatArgs, error){
		`Alerts: its topics are in eu-west-1, the home Region is ap-northeast-1; give both the same provider`: func(ctx *pulumi.Context, elsewhere *aws.Provider) (threatArgs, error) {
			hub, err := alerthub.NewAlertHub(ctx, "alerts", nil, pulumi.Provider(elsewhere))
			return threatArgs{Alerts: hub}, err
		},
		`Archive: it is in eu-west-1, the home Region is ap-northeast-1; give both the same provider`: func(ctx *pulumi.Context, elsewhere *aws.Provider) (threatArgs, error) {
			archive, err := logarchive.NewLogArchive(ctx, "archive", nil, pulumi.Provider(elsewhere))
			return threatArgs{Archive: archive}, err
		},
		`Regions: the home Region is eu-west-1, but the provider of the component works in ap-northeast-1; give the component the home Region's provider`: func(ctx *pulumi.Context, _ *aws.Provider) (threatArgs, error) {
			providers, err := regions.NewProviders(ctx, regions.Set{Home: "eu-west-1", Covered: []string{"eu-west-1"}}, aws.ProviderArgs{})
			return threatArgs{Regions: providers}, err
		},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			elsewhere, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
			if err != nil {
				return err
			}
			given, err := args(ctx, elsewhere)
			if err != nil {
				return err
			}
			_, err = threatdetection.NewThreatDetection(ctx, "threats", &given)
			return err
		})
		assert.ErrorContains(t, err, `threat detection "threats": `+want)
		assert.Empty(t, d.ByType(detectorType))
	}
}
