package tests

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/deployrights"
	"github.com/seed-8894d46d/account-baseline/components/deployrole"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	deployRoleType   = "account-baseline:index:DeployRole"
	iamRoleType      = "aws:iam/role:Role"
	oidcProviderType = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	githubHost       = "token.actions.githubusercontent.com"
)

// pipeline are arguments with every kind of resource, from real documents.
func pipeline(t testing.TB) *deployrole.DeployRoleArgs {
	t.Helper()
	texts := func(readOnly bool) map[string]string {
		o := deployOptions()
		o.ReadOnly = readOnly
		documents, err := deployrights.Policies(someResources, o)
		require.NoError(t, err)
		all := map[string]string{}
		for _, d := range documents {
			all[d.Name] = d.JSON
		}
		return all
	}
	limit, err := deployrights.Boundary(someResources, deployOptions())
	require.NoError(t, err)
	return &deployrole.DeployRoleArgs{
		Repository: "example/accounts", Environment: "production", DeployPolicies: texts(false), PreviewPolicies: texts(true), Boundary: limit.JSON,
		Tags: pulumi.StringMap{"team": pulumi.String("security")},
	}
}

func deployRole(args *deployrole.DeployRoleArgs, opts ...pulumi.ResourceOption) func(*pulumi.Context) error {
	return func(ctx *pulumi.Context) error {
		_, err := deployrole.NewDeployRole(ctx, "baseline", args, opts...)
		return err
	}
}

func TestDeployRoleIsWellBehaved(t *testing.T) {
	args := pipeline(t)
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		other := otherRegion(o.Partition)
		d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
			provider, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String(other)})
			if err != nil {
				return err
			}
			return deployRole(args, pulumi.Provider(provider))(ctx)
		})
		component := d.Only(deployRoleType)
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllTagged(map[string]string{"team": "security"})
		d.AllUseProviderOf(component)
		for _, role := range d.ByType(iamRoleType) {
			assert.Equal(t, deployrights.BoundaryPath, role.String("path"))
			assert.True(t, strings.HasPrefix(role.String("assumeRolePolicy"), "{"), "known in a preview")
			assert.Contains(t, role.String("assumeRolePolicy"), "arn:"+o.Partition+":iam::")
		}
		for _, policy := range d.ByType("aws:iam/policy:Policy") {
			assert.Equal(t, deployrights.BoundaryPath, policy.String("path"))
		}
	})
}

// The trust policies are evaluated as STS evaluates them.
func TestDeployRoleTrustsExactlyTheJobsNamed(t *testing.T) {
	type claims struct{ sub, aud string }
	const aud = deployrole.Audience
	onBranch := pipeline(t)
	onBranch.Environment = ""
	onBranch.Branch = "release"
	immutable := pipeline(t)
	immutable.Repository = "example@123456/accounts@456789"
	elsewhere := pipeline(t)
	elsewhere.Repository, elsewhere.Environment = "", ""
	elsewhere.Issuer, elsewhere.Audience = "https://gitlab.com", "https://gitlab.com"
	elsewhere.DeploySubjects, elsewhere.PreviewSubjects = []string{"project_path:g/p:ref_type:branch:ref:main"}, []string{"project_path:g/p:ref_type:branch:ref:next"}
	for name, row := range map[string]struct {
		args          *deployrole.DeployRoleArgs
		host          string
		deploys, sees []claims
		nobody        []claims
	}{
		"environment": {
			pipeline(t), githubHost,
			[]claims{{"repo:example/accounts:environment:production", aud}},
			[]claims{{"repo:example/accounts:pull_request", aud}},
			[]claims{
				{"repo:example/accounts:ref:refs/heads/main", aud}, {"repo:example/accounts:environment:production2", aud},
				{"repo:example/accounts2:environment:production", aud}, {"repo:evil/accounts:environment:production", aud},
				{"repo:example/accounts:environment:production", "https://github.com/example"}, {"", aud},
				{"repo:example@123456/accounts@456789:environment:production", aud},
			},
		},
		"branch": {
			onBranch, githubHost, []claims{{"repo:example/accounts:ref:refs/heads/release", aud}}, []claims{{"repo:example/accounts:pull_request", aud}},
			[]claims{{"repo:example/accounts:ref:refs/heads/release2", aud}, {"repo:example/accounts:ref:refs/tags/release", aud}},
		},
		"immutable": {
			immutable, githubHost,
			[]claims{{"repo:example@123456/accounts@456789:environment:production", aud}},
			[]claims{{"repo:example@123456/accounts@456789:pull_request", aud}},
			[]claims{
				{"repo:example/accounts:environment:production", aud}, // of somebody who took the name over
				{"repo:example@123457/accounts@456789:environment:production", aud}, {"repo:example@123456/accounts@456780:environment:production", aud},
			},
		},
		"another issuer": {
			elsewhere, "gitlab.com", []claims{{elsewhere.DeploySubjects[0], "https://gitlab.com"}}, []claims{{elsewhere.PreviewSubjects[0], "https://gitlab.com"}},
			[]claims{{"project_path:g/p:ref_type:tag:ref:main", "https://gitlab.com"}, {elsewhere.DeploySubjects[0], aud}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := testkit.Run(t, testkit.Options{}, deployRole(row.args))
			may := func(role string, c claims, provider string) bool {
				resource := d.One(iamRoleType, "baseline-"+role)
				require.NoError(t, policyeval.Validate(policyeval.TrustPolicy, resource.String("assumeRolePolicy"), ""))
				decision, err := policyeval.Authorization{
					Resource: d.Document(resource, "assumeRolePolicy"), ResourceOwner: accountID, ResourcePolicyDecides: true,
				}.Decide(policyeval.Request{
					Principal: policyeval.Principal{Federated: provider}, Action: "sts:AssumeRoleWithWebIdentity", Resource: "arn:aws:iam::" + accountID + ":role/x",
					Context: map[string][]string{row.host + ":sub": {c.sub}, row.host + ":aud": {c.aud}},
				})
				require.NoError(t, err)
				return decision.Allowed
			}
			ours := "arn:aws:iam::" + accountID + ":oidc-provider/" + row.host
			for _, c := range row.deploys {
				assert.True(t, may("deploy", c, ours), c)
				assert.False(t, may("preview", c, ours), c)
				assert.False(t, may("deploy", c, "arn:aws:iam::"+accountID+":oidc-provider/example.com"), c)
			}
			for _, c := range row.sees {
				assert.True(t, may("preview", c, ours), c)
				assert.False(t, may("deploy", c, ours), c)
			}
			for _, c := range row.nobody {
				assert.False(t, may("deploy", c, ours), c)
				assert.False(t, may("preview", c, ours), c)
			}
		})
	}
}

func TestDeployRoleStandsInTheAccount(t *testing.T) {
	for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
		s := deployInto(t, testkit.Options{Partition: partition}, "", deployRole(pipeline(t)))
		require.NoError(t, s.account().Update(func(a *awssim.Account) {
			for name, readOnly := range map[string]bool{"deploy": false, "preview": true} {
				role := a.IAM.Roles["account-baseline-dev-baseline-"+name]
				require.NotNil(t, role)
				assert.NotEmpty(t, role.Boundary)
				assert.NotEmpty(t, role.Attached)
				writes := false
				for _, arn := range role.Attached {
					require.NotNil(t, a.IAM.Policies[arn])
					writes = writes || strings.Contains(a.IAM.Policies[arn].Document, ":Create")
				}
				assert.Equal(t, !readOnly, writes, name)
			}
		}))
	}
}

func TestDeployRoleWithAnExistingProvider(t *testing.T) {
	args := pipeline(t)
	args.ExistingProviderArn = "arn:aws:iam::" + accountID + ":oidc-provider/" + githubHost
	args.OmitPreviewRole, args.PreviewPolicies, args.Boundary = true, nil, ""
	d := testkit.Run(t, testkit.Options{}, deployRole(args))
	assert.Empty(t, d.ByType(oidcProviderType))
	role := d.Only(iamRoleType)
	assert.Contains(t, role.String("assumeRolePolicy"), args.ExistingProviderArn)
	assert.Nil(t, role.Get("permissionsBoundary"))
	assert.Equal(t, 3600.0, role.Get("maxSessionDuration"))
}

func TestDeployRoleRefuses(t *testing.T) {
	type change = func(*deployrole.DeployRoleArgs)
	for name, row := range map[string]struct {
		change  change
		message string
	}{
		"nobody named":         {func(a *deployrole.DeployRoleArgs) { a.Repository = "" }, "field Repository: is missing"},
		"all repositories":     {func(a *deployrole.DeployRoleArgs) { a.Repository = "example/*" }, `field Repository: "example/*" is neither OWNER/NAME nor OWNER@ID/NAME@ID`},
		"half an id":           {func(a *deployrole.DeployRoleArgs) { a.Repository = "example@1/accounts" }, `field Repository: "example@1/accounts" is neither`},
		"an owner only":        {func(a *deployrole.DeployRoleArgs) { a.Repository = "example" }, `field Repository: "example" is neither`},
		"branch beside":        {func(a *deployrole.DeployRoleArgs) { a.Branch = "main" }, "field Branch: is not looked at beside Environment"},
		"all branches":         {func(a *deployrole.DeployRoleArgs) { a.Environment, a.Branch = "", "*" }, `field Branch: "*" is not the name of a branch`},
		"all environments":     {func(a *deployrole.DeployRoleArgs) { a.Environment = "*" }, `field Environment: "*" has a wildcard`},
		"subject with star":    {func(a *deployrole.DeployRoleArgs) { a.DeploySubjects = []string{"repo:example/*"} }, `field DeploySubjects[0]: "repo:example/*" has a wildcard`},
		"plain HTTP":           {func(a *deployrole.DeployRoleArgs) { a.Issuer = "http://x" }, "field Issuer"},
		"claims of others":     {func(a *deployrole.DeployRoleArgs) { a.Issuer = "https://gitlab.com" }, "field DeploySubjects: are missing"},
		"pull requests deploy": {func(a *deployrole.DeployRoleArgs) { a.DeploySubjects = []string{"repo:example/accounts:pull_request"} }, "field PreviewSubjects"},
		"no policies":          {func(a *deployrole.DeployRoleArgs) { a.DeployPolicies = nil }, "field DeployPolicies: are missing"},
		"not JSON":             {func(a *deployrole.DeployRoleArgs) { a.DeployPolicies = map[string]string{"x": "allow"} }, `field DeployPolicies["x"]: is not a policy document`},
		"empty document":       {func(a *deployrole.DeployRoleArgs) { a.Boundary = "{}" }, "field Boundary: is not a policy document"},
		"contradiction":        {func(a *deployrole.DeployRoleArgs) { a.OmitPreviewRole = true }, "field OmitPreviewRole: contradicts"},
		"session":              {func(a *deployrole.DeployRoleArgs) { a.MaxSessionSeconds = 60 }, "field MaxSessionSeconds: 60 is not between 3600 and 43200"},
		"provider of another": {func(a *deployrole.DeployRoleArgs) {
			a.ExistingProviderArn = "arn:aws:iam::" + accountID + ":oidc-provider/gitlab.com"
		}, "field ExistingProviderArn"},
		"prefix": {func(a *deployrole.DeployRoleArgs) { a.NamePrefix = "A B" }, "field NamePrefix"},
		"too long": {func(a *deployrole.DeployRoleArgs) {
			long, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{strings.Repeat("x", 6200)}})
			a.Boundary = string(long)
		}, "a managed policy takes 6144"},
	} {
		args := pipeline(t)
		row.change(args)
		d, err := testkit.RunErr(t, testkit.Options{}, deployRole(args))
		require.ErrorContains(t, err, row.message, name)
		require.ErrorContains(t, args.Validate(), row.message, name)
		d.NothingRegistered()
	}
}
