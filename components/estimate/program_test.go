package estimate_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline/confighistory"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/components/estimate"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
)

const (
	home      = "ap-northeast-1"
	accountID = "111122223333"
)

// Where the profiles are looked at: the home Region and us-east-1, and every Region that an account has enabled from the start.
var (
	twoRegions       = []string{home, "us-east-1"}
	seventeenRegions = []string{
		home, "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
		"eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}
)

var (
	securityTypes = []string{
		"AWS::CloudTrail::Trail", "AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup", "AWS::EC2::VPC", "AWS::IAM::Group", "AWS::IAM::Policy",
		"AWS::IAM::Role", "AWS::IAM::User", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::RDS::DBInstance", "AWS::S3::AccountPublicAccessBlock",
		"AWS::S3::Bucket", "AWS::SecretsManager::Secret",
	}
	noisyTypes = []string{"AWS::EC2::NetworkInterface", "AWS::EC2::Subnet", "AWS::ECS::TaskDefinition", "AWS::SSM::ManagedInstanceInventory"}
)

// program is the baseline with the choices that matter for its price.
type program struct {
	covered []string
	archive logarchive.LogArchiveArgs
	hub     alerthub.AlertHubArgs
	trail   securetrail.SecureTrailArgs
	history bool
	digest  bool
	config  configbaseline.ConfigBaselineArgs
	threats threatdetection.ThreatDetectionArgs
	billing billingguard.BillingGuardArgs
}

// profiles are the programs of the profiles, as the table of profiles in the settings has them.
func profiles(covered []string) map[string]program {
	starter := program{
		covered: covered,
		archive: logarchive.LogArchiveArgs{Encryption: "s3"},
		trail:   securetrail.SecureTrailArgs{OmitLogs: true, OmitMetricFilters: true, OmitAthena: true},
		config: configbaseline.ConfigBaselineArgs{
			Recording:      configbaseline.RecordingArgs{Frequency: configbaseline.Daily, ResourceTypes: securityTypes},
			Rules:          configbaseline.RulesArgs{Set: "seed"},
			OmitAggregator: true,
		},
		threats: threatdetection.ThreatDetectionArgs{
			Plans: map[threatdetection.Plan]bool{}, OmitExport: true, SecurityHub: threatdetection.SecurityHubArgs{Omit: true},
		},
	}
	starter.billing = billingguard.BillingGuardArgs{
		BaselineBudget: billingguard.BaselineBudgetArgs{Omit: true}, EstimatedCharges: billingguard.EstimatedChargesArgs{Omit: true},
		Report: billingguard.ReportArgs{Omit: true},
	}
	for _, plan := range threatdetection.Plans() {
		starter.threats.Plans[plan.Plan] = false
	}
	standard := program{
		covered: covered,
		archive: logarchive.LogArchiveArgs{Encryption: "kms"},
		hub:     alerthub.AlertHubArgs{DeadLetterAlarms: true},
		history: true,
		digest:  true,
		config: configbaseline.ConfigBaselineArgs{
			Recording: configbaseline.RecordingArgs{Overrides: []configbaseline.RecordingOverride{{ResourceTypes: noisyTypes, Frequency: configbaseline.Daily}}},
			Rules:     configbaseline.RulesArgs{Set: "essentials"},
		},
	}
	strict := standard
	strict.trail = securetrail.SecureTrailArgs{
		CallRateInsights: true, ErrorRateInsights: true,
		DataEvents: []securetrail.DataEvents{{Kind: "s3Objects"}, {Kind: "lambdaFunctions"}, {Kind: "dynamodbTables"}},
	}
	strict.config = configbaseline.ConfigBaselineArgs{Rules: configbaseline.RulesArgs{Set: "full"}}
	strict.threats = threatdetection.ThreatDetectionArgs{
		Plans:          map[threatdetection.Plan]bool{threatdetection.RuntimeMonitoring: true},
		AccessAnalyzer: threatdetection.AccessAnalyzerArgs{UnusedAccess: true},
		SecurityHub:    threatdetection.SecurityHubArgs{Regions: covered, Standards: []string{threatdetection.FSBP, threatdetection.CIS300}},
		Inspector:      threatdetection.InspectorArgs{Regions: covered},
	}
	strict.billing = billingguard.BillingGuardArgs{Report: billingguard.ReportArgs{Frequencies: []billingguard.Frequency{billingguard.Daily, billingguard.Weekly}}}
	return map[string]program{"starter": starter, "standard": standard, "strict": strict}
}

// declare registers the program, in the order of the baseline.
func (p program) declare(ctx *pulumi.Context) error {
	covered, err := regions.Cover(ctx, home, p.covered, aws.ProviderArgs{})
	if err != nil {
		return err
	}
	inHome := pulumi.Provider(covered.Home())
	p.archive.TrailName = securetrail.DefaultTrailName(ctx, "audit")
	archive, err := logarchive.NewLogArchive(ctx, "archive", &p.archive, inHome)
	if err != nil {
		return err
	}
	p.hub.Emails, p.hub.Regions = pulumi.ToStringArray([]string{"security@example.com"}), covered
	hub, err := alerthub.NewAlertHub(ctx, "alerts", &p.hub, inHome)
	if err != nil {
		return err
	}
	p.trail.Alerts, p.trail.Archive = hub, archive
	trail, err := securetrail.NewSecureTrail(ctx, "audit", &p.trail, inHome)
	if err != nil {
		return err
	}
	p.config.Alerts, p.config.Archive, p.config.Regions, p.config.WithTrail = hub, archive, covered, true
	if _, err := configbaseline.NewConfigBaseline(ctx, "config", &p.config, inHome); err != nil {
		return err
	}
	if p.history {
		if _, err := confighistory.NewConfigHistory(ctx, "history", &confighistory.ConfigHistoryArgs{Trail: trail}, inHome); err != nil {
			return err
		}
	}
	p.threats.Alerts, p.threats.Archive, p.threats.Regions, p.threats.WithTrail = hub, archive, covered, true
	if _, err := threatdetection.NewThreatDetection(ctx, "threats", &p.threats, inHome); err != nil {
		return err
	}
	if p.digest {
		if _, err := digest.NewWeeklyDigest(ctx, "weekly", &digest.WeeklyDigestArgs{
			Alerts: hub, LogGroupName: archive.LogGroupName, Config: true, Findings: digest.SecurityHub,
		}, inHome); err != nil {
			return err
		}
	}
	p.billing.Alerts, p.billing.Regions = hub, covered
	if _, err := billingguard.NewBillingGuard(ctx, "billing", &p.billing, inHome); err != nil {
		return err
	}
	_, err = hardening.NewAccountHardening(ctx, "hardening", &hardening.AccountHardeningArgs{Regions: covered}, inHome)
	return err
}

// engine notes what reaches it.
type engine struct{ registered []string }

func (e *engine) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	panic("the engine is asked")
}

func (e *engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	e.registered = append(e.registered, args.Name)
	return args.Name, args.Inputs, nil
}

// inProgram runs something inside a running program, and fails when anything of it reaches the engine.
func inProgram(t *testing.T, run func(*pulumi.Context)) {
	t.Helper()
	outer := &engine{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error {
		run(ctx)
		return nil
	}, pulumi.WithMocks("account-baseline", "dev", outer)))
	require.Empty(t, outer.registered, "something reached the engine")
}

func declared(t *testing.T, p program) (all []estimate.Resource) {
	t.Helper()
	inProgram(t, func(ctx *pulumi.Context) {
		var err error
		all, err = estimate.Declared(ctx, estimate.Account{ID: accountID, Home: home}, p.declare)
		require.NoError(t, err)
	})
	return all
}
