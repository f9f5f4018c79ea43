package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/deployrole"
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
	program   func(*pulumi.Context) error // default main.go's
}

// compositions are strict with all that comes with a policy, the profiles, and what changes policies or brings others.
var compositions = []composition{
	everythingOn,
	{name: "starter", settings: map[string]string{"profile": "starter"}, facts: usual},
	{name: "standard", settings: map[string]string{"profile": "standard"}, facts: usual},
	{name: "strict", settings: map[string]string{"profile": "strict"}, facts: usual},
	{name: "standard, no deployers", settings: map[string]string{"profile": "standard", "deployers": ""}, facts: append([]string{policies.Unguarded}, usual...)},
	{name: "strict, an organization's trail", settings: map[string]string{"profile": "strict", "trail": `{"organization":{"id":"` + policies.OrganizationID + `"}}`},
		facts: append([]string{policies.Organization}, usual...)},
	{name: "strict, a central bucket", settings: map[string]string{"profile": "strict", "archive": `{"readers":["` + policies.Reader + `"],
		"central":{"bucket":"` + policies.CentralBucket + `","keyArn":"` + policies.CentralKey + `"}}`}, facts: []string{policies.Central, policies.Budgets, policies.Together}},
	{name: "strict in aws-cn", partition: "aws-cn", settings: map[string]string{"profile": "strict"}, facts: usual},
	{name: "strict in aws-us-gov", partition: "aws-us-gov", settings: map[string]string{"profile": "strict"}, facts: []string{policies.OwnBuckets, policies.Together}},
	{name: "DeployRole", program: pipeline},
	{name: "standard, disposable", settings: map[string]string{"profile": "standard", "disposable": "true"}, facts: append([]string{policies.Disposable}, usual...)},
	{name: "standard, its own Region alone", settings: map[string]string{
		"profile": "standard", "threats": `{"securityHub":{"enabled":false}}`, "config": `{"aggregator":{"enabled":false}}`,
	}, facts: []string{policies.OwnBuckets, policies.Budgets, policies.Alone}},
}

// pipeline is the component for which there are no settings: who deploys the account makes it, in a stack of its own.
func pipeline(ctx *pulumi.Context) error {
	given := map[string]string{"given": policies.Given}
	_, err := deployrole.NewDeployRole(ctx, "pipeline", &deployrole.DeployRoleArgs{
		Repository: policies.Repository, Environment: "production", DeployPolicies: given, PreviewPolicies: given, Boundary: policies.Given,
	})
	return err
}

var (
	usual        = []string{policies.OwnBuckets, policies.Budgets, policies.Together}
	everythingOn = composition{name: "strict, everything on", settings: fullest, facts: usual}
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
	program := c.program
	if program == nil {
		program = baseline
	}
	d := testkit.Run(t, testkit.Options{
		Partition: in.Name, Config: config, Region: home, Account: policies.Account, SecretKeys: []string{"account-baseline:alerts"},
	}, program)
	found, problems := policies.Collect(c.name, d, in, c.facts...)
	for _, problem := range problems {
		t.Error(problem)
	}
	return found
}

// allCompositions are what is declared in all of them, first the one with everything on. They are composed once for all tests.
func allCompositions(t *testing.T) (all []*policies.Composition) {
	t.Helper()
	for _, c := range compositions {
		if composed[c.name] == nil {
			composed[c.name] = policiesOf(t, c)
		}
		all = append(all, composed[c.name])
	}
	return all
}

var composed = map[string]*policies.Composition{}

// TestPoliciesAllowWhatIsListedAndNothingElse decides the whole cross product of every policy of every profile.
func TestPoliciesAllowWhatIsListedAndNothingElse(t *testing.T) {
	for _, c := range allCompositions(t) {
		t.Run(c.Name, func(t *testing.T) {
			for _, problem := range bench.Check(c) {
				t.Error(problem)
			}
		})
	}
}

// TestPolicyTableIsComplete: a policy, action, resource, principal or attachment that the table does not know is one that no
// row can deny, and a row for what does not exist proves nothing.
func TestPolicyTableIsComplete(t *testing.T) {
	all := allCompositions(t)
	for _, c := range all {
		for _, problem := range append(c.Complete(), c.Attached()...) {
			t.Errorf("%s: %v", c.Name, problem)
		}
	}
	for _, name := range policies.Unused(all) {
		t.Errorf("the table has %s, which no composition declares", name)
	}
}

// TestCompositionsDeclareEveryRight: an action or a condition in the code that no composition declares is one that nobody has
// held against the table.
func TestCompositionsDeclareEveryRight(t *testing.T) {
	declared := map[string]bool{}
	for _, c := range allCompositions(t) {
		for _, p := range c.Policies {
			for _, word := range policies.Words(p) {
				declared[word] = true
			}
		}
	}
	require.Greater(t, len(declared), 100)
	literal := regexp.MustCompile(`"([a-z0-9-]+:[A-Z][A-Za-z0-9]*\*?)"`)
	require.NoError(t, filepath.WalkDir("components", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "components/deployrights") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range literal.FindAllStringSubmatch(string(source), -1) {
			if !declared[found[1]] {
				t.Errorf("%s: no composition has a policy with %s: add one that switches it on", path, found[1])
			}
		}
		return nil
	}))
}

// TestPolicyTableNoticesMistakes makes every mistake of one element in every policy.
func TestPolicyTableNoticesMistakes(t *testing.T) {
	for _, p := range policies.Distinct(allCompositions(t)) {
		expected, problems := p.In.Expected(p.Policy)
		require.Empty(t, problems)
		mutations, err := policies.Mutations(p.Policy)
		require.NoError(t, err)
		for _, m := range mutations {
			noticed, err := p.In.Noticed(m, expected)
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
	want, err := bench.Page(allCompositions(t))
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
