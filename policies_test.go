package main

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/policies"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

var updatePolicies = flag.Bool("update", false, "write docs/policies.md instead of comparing it")

// bench decides for all tests: what one of them has asked, the next need not.
var bench = policies.NewJudge()

// fullest switches on whatever comes with a policy of its own.
var fullest = map[string]string{
	"profile": "strict",
	"alerts": `{"emails":["security@example.com"],"watch":{"emails":["watch@example.com"]},"webhook":{"url":"https://hooks.example.com/x"},
		"slack":{"workspaceId":"T0123ABCDEF","channelId":"C0123ABCDEF"}}`,
	"config": `{"aggregator":{"organization":true},"remediation":{"manual":["ConfigureS3PublicAccessBlock",
		"EnableEbsEncryptionByDefault","SetIAMPasswordPolicy","EnableRDSInstanceDeletionProtection","EnableS3BucketEncryption",
		"RemoveVPCDefaultSecurityGroupRules","DisableIncomingSSHOnPort22","RevokeUnusedIAMUserCredentials","EnforceEC2InstanceIMDSv2"]}}`,
	"threats":   `{"guardDuty":{"malwareProtectedBuckets":[{"name":"uploads","keyArn":"` + policies.ScannedKey + `","tag":true}]}}`,
	"billing":   `{"action":{"groups":["developers"],"roles":["ci"]}}`,
	"hardening": `{"auditRole":{"enabled":true,"principals":["` + policies.Scanner + `"],"externalId":"` + policies.Shared + `"}}`,
}

// composition is the program with some settings, in a partition.
type composition struct {
	name      string
	partition string // default aws
	settings  map[string]string
	facts     []string
}

// compositions are the profiles, strict with all that comes with a policy, and what changes policies.
var compositions = []composition{
	{"starter", "", map[string]string{"profile": "starter"}, usual},
	{"standard", "", map[string]string{"profile": "standard"}, usual},
	{"strict", "", map[string]string{"profile": "strict"}, usual},
	everythingOn,
	{"standard, no deployers", "", map[string]string{"profile": "standard", "deployers": ""}, []string{policies.Unguarded, policies.Budgets}},
	{"strict, an organization's trail", "", map[string]string{"profile": "strict", "trail": `{"organization":{"id":"` + policies.OrganizationID + `"}}`},
		append([]string{policies.Organization}, usual...)},
	{"strict in aws-cn", "aws-cn", map[string]string{"profile": "strict"}, usual},
	{"strict in aws-us-gov", "aws-us-gov", map[string]string{"profile": "strict"}, nil},
}

var (
	usual        = []string{policies.Budgets}
	everythingOn = composition{"strict, everything on", "", fullest, usual}
)

// policiesOf are the policies that the program declares with some settings in two Regions.
func policiesOf(t *testing.T, c composition) *policies.Composition {
	t.Helper()
	in, home, elsewhere := testkit.Partitions[0], policies.Home, policies.Elsewhere
	if c.partition != "" {
		in = testkit.Partitions[slices.IndexFunc(testkit.Partitions, func(p testkit.Partition) bool { return p.Name == c.partition })]
		home, elsewhere = in.Home, in.Other
	}
	here := strings.NewReplacer("arn:aws:", "arn:"+in.Name+":").Replace
	config := map[string]string{
		"aws:region":                 home,
		"account-baseline:regions":   `["` + home + `","` + elsewhere + `"]`,
		"account-baseline:alerts":    `{"emails":["security@example.com"]}`,
		"account-baseline:archive":   here(`{"readers":["` + policies.Reader + `"]}`),
		"account-baseline:deployers": here(`["` + policies.Deployer + `"]`),
	}
	for key, value := range c.settings {
		if config["account-baseline:"+key] = value; value == "" {
			delete(config, "account-baseline:"+key)
		}
	}
	all, err := json.Marshal(config)
	require.NoError(t, err)
	t.Setenv("PULUMI_CONFIG", string(all))
	d := testkit.Run(t, testkit.Options{
		Partition: in.Name, Config: config, Region: home, Account: policies.Account, SecretKeys: []string{"account-baseline:alerts"},
	}, baseline)
	found, problems := policies.Collect(c.name, d, in, c.facts...)
	for _, problem := range problems {
		t.Error(problem)
	}
	return found
}

// TestPoliciesAllowWhatIsListedAndNothingElse decides the whole cross product of every policy of every profile.
func TestPoliciesAllowWhatIsListedAndNothingElse(t *testing.T) {
	for _, c := range compositions {
		t.Run(c.name, func(t *testing.T) {
			for _, problem := range bench.Check(policiesOf(t, c)) {
				t.Error(problem)
			}
		})
	}
}

// TestPolicyTableIsComplete: a policy, action, resource, principal or attachment that the table does not know is one that no
// row can deny, and a row for what does not exist proves nothing.
func TestPolicyTableIsComplete(t *testing.T) {
	var all []*policies.Composition
	for _, c := range compositions {
		composition := policiesOf(t, c)
		all = append(all, composition)
		for _, problem := range append(composition.Complete(), composition.Attached()...) {
			t.Errorf("%s: %v", c.name, problem)
		}
	}
	for _, name := range policies.Unused(all) {
		t.Errorf("the table has %s, which no composition declares", name)
	}
}

// TestPolicyTableNoticesMistakes makes every mistake of one element in every policy.
func TestPolicyTableNoticesMistakes(t *testing.T) {
	composition := policiesOf(t, everythingOn)
	for _, p := range composition.Policies {
		expected, problems := composition.Expected(p)
		require.Empty(t, problems)
		mutations, err := policies.Mutations(p)
		require.NoError(t, err)
		for _, m := range mutations {
			noticed, err := composition.Noticed(m, expected)
			require.NoError(t, err)
			reason, certain := policies.Harmless(m)
			if reason == "" && !noticed {
				t.Errorf("%s: %s: nothing notices it", m.Policy, m.What)
			}
			if reason != "" && certain && noticed {
				t.Errorf("%s: %s is noticed, so that it need not be called harmless", m.Policy, m.What)
			}
		}
	}
}

// TestPoliciesPageIsUpToDate: the page says what the table says. With -update it is written.
func TestPoliciesPageIsUpToDate(t *testing.T) {
	const path = "docs/policies.md"
	want, err := bench.Page(policiesOf(t, everythingOn))
	require.NoError(t, err)
	if *updatePolicies {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	if string(have) != want {
		t.Errorf("%s is not what the table says; write it with: go test . -run TestPoliciesPage -update", path)
	}
}
