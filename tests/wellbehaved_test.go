package tests

import (
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/deployrole"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/overview"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// wellBehaved declares a component with the tag team and an explicit provider of another Region, and checks what every
// component promises a stranger's stack: parent, names and their lengths, tags, provider, partition and secrets.
func wellBehaved(t *testing.T, o testkit.Options, componentType string, declare func(ctx *pulumi.Context, provider pulumi.ResourceOption) error) {
	t.Helper()
	other := otherRegion(o.Partition)
	d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String(other)})
		if err != nil {
			return err
		}
		return declare(ctx, pulumi.Provider(provider))
	})
	component := d.Only(componentType)
	d.AllDescendFrom(component)
	d.AllNamedAfter(component)
	d.AllTagged(map[string]string{"team": "security"})
	d.AllUseProviderOf(component)
	d.NoHardCodedPartition()
	d.NamesWithinLimits()
	d.NoSecretInPlain(webhookSecret)
	for _, r := range d.All() {
		if r.Custom && r.Name != "elsewhere" {
			assert.Equal(t, other, r.Region, r.URN)
		}
	}
}

func otherRegion(partition string) string {
	for _, p := range testkit.Partitions {
		if p.Name == partition {
			return p.Other
		}
	}
	panic("no partition " + partition)
}

// webhookSecret must never be seen in plain.
const webhookSecret = "https://hooks.example.com/services/0123456789"

// component is one that a stranger's stack can declare.
type component struct {
	token string
	// declare makes it with all that it can do, under a prefix of physical names where there is one.
	declare func(ctx *pulumi.Context, o testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error
}

var securityTeam = pulumi.StringMap{"team": pulumi.String("security")}

// everyComponent are those that need no other.
var everyComponent = []component{
	{hubType, func(ctx *pulumi.Context, o testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		args := &alerthub.AlertHubArgs{
			NamePrefix: prefix, Tags: securityTeam, DeadLetterAlarms: true, Emails: pulumi.ToStringArray([]string{"a@example.com"}),
		}
		if o.Partition != "aws-us-gov" {
			args.Webhook = &alerthub.WebhookArgs{URL: pulumi.ToSecret(pulumi.String(webhookSecret)).(pulumi.StringOutput)}
		}
		_, err := alerthub.NewAlertHub(ctx, name, args, opts...)
		return err
	}},
	{archiveType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		_, err := logarchive.NewLogArchive(ctx, name, &logarchive.LogArchiveArgs{NamePrefix: prefix, Tags: securityTeam, TrailName: "audit"}, opts...)
		return err
	}},
	{secureTrailType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		_, err := securetrail.NewSecureTrail(ctx, name, &securetrail.SecureTrailArgs{NamePrefix: prefix, Tags: securityTeam, CallRateInsights: true}, opts...)
		return err
	}},
	{configBaselineType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		_, err := configbaseline.NewConfigBaseline(ctx, name, &configbaseline.ConfigBaselineArgs{NamePrefix: prefix, Tags: securityTeam, Rules: configbaseline.RulesArgs{Set: "essentials"}}, opts...)
		return err
	}},
	{threatsType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		_, err := threatdetection.NewThreatDetection(ctx, name, &threatdetection.ThreatDetectionArgs{
			NamePrefix: prefix, Tags: securityTeam, AccessAnalyzer: threatdetection.AccessAnalyzerArgs{UnusedAccess: true},
			MalwareProtectedBuckets: []threatdetection.MalwareProtectedBucket{{Name: "invoices"}},
		}, opts...)
		return err
	}},
	{hardeningType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		_, err := hardening.NewAccountHardening(ctx, name, &hardening.AccountHardeningArgs{
			NamePrefix: prefix, Tags: securityTeam, AuditRole: &hardening.RoleArgs{}, DefaultSecurityGroups: hardening.DefaultSecurityGroupsArgs{DefaultVPCs: true},
		}, opts...)
		return err
	}},
	{billType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		_, err := billingguard.NewBillingGuard(ctx, name, &billingguard.BillingGuardArgs{NamePrefix: prefix, Tags: securityTeam, Emails: []string{"bill@example.com"}}, opts...)
		return err
	}},
	{overviewType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		_, err := overview.NewSecurityOverview(ctx, name, &overview.SecurityOverviewArgs{
			NamePrefix: prefix, Metrics: []overview.Metric{{Namespace: "account-baseline/CISBenchmark", Name: "audit-rootUsage"}},
		}, opts...)
		return err
	}},
	{deployRoleType, func(ctx *pulumi.Context, _ testkit.Options, name, prefix string, opts ...pulumi.ResourceOption) error {
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*"}]}`
		given := map[string]string{"given": document}
		_, err := deployrole.NewDeployRole(ctx, name, &deployrole.DeployRoleArgs{
			NamePrefix: prefix, Tags: securityTeam, Repository: "example/accounts", DeployPolicies: given, PreviewPolicies: given, Boundary: document,
		}, opts...)
		return err
	}},
}

// TestEveryComponentIsWellBehaved: in each partition, at preview and deployment, with the longest usual stack name.
func TestEveryComponentIsWellBehaved(t *testing.T) {
	for _, c := range everyComponent {
		t.Run(c.token, func(t *testing.T) {
			testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
				o.Stack = strings.Repeat("s", 30)
				wellBehaved(t, o, c.token, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
					return c.declare(ctx, o, "baseline", "", provider)
				})
			})
		})
	}
}

// TestEveryComponentDeclaresNothingThatItRefuses: wrong arguments are found before anything is registered.
func TestEveryComponentDeclaresNothingThatItRefuses(t *testing.T) {
	for _, c := range everyComponent {
		t.Run(c.token, func(t *testing.T) {
			testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
				d, err := testkit.RunErr(t, o, func(ctx *pulumi.Context) error { return c.declare(ctx, o, "baseline", "Not A Prefix") })
				assert.ErrorContains(t, err, "NamePrefix")
				d.NothingRegistered()
			})
		})
	}
}

// TestEveryComponentPassesOptionsOn: protection and aliases reach the component, whose children the engine renames with it, and
// transformations reach everything below it.
func TestEveryComponentPassesOptionsOn(t *testing.T) {
	for _, c := range everyComponent {
		t.Run(c.token, func(t *testing.T) {
			seen, mutex := map[string]bool{}, sync.Mutex{}
			o := testkit.Options{}
			d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
				return c.declare(ctx, o, "baseline", "", pulumi.Protect(true), pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("formerly")}}),
					pulumi.Transformations([]pulumi.ResourceTransformation{func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
						mutex.Lock()
						defer mutex.Unlock()
						seen[args.Type+"::"+args.Name] = true
						return nil
					}}))
			})
			made := d.Only(c.token)
			assert.True(t, made.Protect)
			assert.Contains(t, strings.Join(made.Aliases, " "), "formerly")
			below := d.Below(made.URN)
			assert.NotEmpty(t, below)
			for _, r := range below {
				if r.Read {
					continue
				}
				assert.True(t, seen[r.Type+"::"+r.Name], "the transformation missed %s", r.URN)
			}
		})
	}
}
