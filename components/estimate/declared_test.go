package estimate_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
)

func TestDeclaredKnowsComponentRegionAndInputs(t *testing.T) {
	body := func(ctx *pulumi.Context) error {
		var outer, inner struct{ pulumi.ResourceState }
		provider, err := aws.NewProvider(ctx, "ireland", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
		if err != nil {
			return err
		}
		if err := ctx.RegisterComponentResource("test:index:Outer", "outer", &outer, pulumi.Providers(provider)); err != nil {
			return err
		}
		if err := ctx.RegisterComponentResource("test:index:Inner", "inner", &inner, pulumi.Parent(&outer)); err != nil {
			return err
		}
		key, err := kms.NewKey(ctx, "key", &kms.KeyArgs{}, pulumi.Parent(&inner))
		if err != nil {
			return err
		}
		if _, err := sns.NewTopic(ctx, "topic", &sns.TopicArgs{KmsMasterKeyId: key.Arn, DisplayName: pulumi.ToSecret(pulumi.String("hidden")).(pulumi.StringOutput)}, pulumi.Parent(&inner)); err != nil {
			return err
		}
		_, err = iam.NewRole(ctx, "alone", &iam.RoleArgs{AssumeRolePolicy: pulumi.String("{}"), Path: pulumi.String("/ci/")})
		return err
	}
	var all []estimate.Resource
	inProgram(t, func(ctx *pulumi.Context) {
		var err error
		all, err = estimate.Declared(ctx, estimate.Account{ID: accountID, Home: home}, body)
		require.NoError(t, err)
	})
	require.Len(t, all, 3, "neither components nor providers")
	require.Equal(t, estimate.Resource{Type: "aws:iam/role:Role", Name: "alone", Region: home, Inputs: map[string]any{"assumeRolePolicy": "{}", "path": "/ci/"}}, all[0])
	require.Equal(t, []string{"outer", "eu-west-1", "key"}, []string{all[1].Component, all[1].Region, all[1].Name})
	require.Equal(t, []string{"outer", "eu-west-1", "topic"}, []string{all[2].Component, all[2].Region, all[2].Name})
	require.Regexp(t, `^arn:aws:kms:eu-west-1:111122223333:key/[0-9a-f]{32}$`, all[2].Inputs["kmsMasterKeyId"], "outputs are resolved")
	require.NotContains(t, fmt.Sprint(all), "hidden", "secrets are left out")
}

func TestDeclaredHasTheSettingsOfTheProgram(t *testing.T) {
	t.Setenv(pulumi.EnvConfig, `{"account-baseline:url": "https://hooks.example.com/x", "account-baseline:profile": "strict"}`)
	t.Setenv(pulumi.EnvConfigSecretKeys, `["account-baseline:url"]`)
	inProgram(t, func(ctx *pulumi.Context) {
		_, err := estimate.Declared(ctx, estimate.Account{Home: home}, func(inner *pulumi.Context) error {
			require.NotSame(t, ctx, inner)
			require.Equal(t, []string{ctx.Project(), ctx.Stack(), ctx.Organization()}, []string{inner.Project(), inner.Stack(), inner.Organization()})
			profile, _ := inner.GetConfig("account-baseline:profile")
			require.Equal(t, "strict", profile)
			require.True(t, inner.IsConfigSecret("account-baseline:url"))
			require.False(t, inner.DryRun())
			inner.Export("dropped", pulumi.String("x"))
			return inner.Log.Warn("dropped", nil)
		})
		require.NoError(t, err)
	})

	t.Setenv(pulumi.EnvConfig, `{"account-baseline:url": "https://hooks.example.com/secret`)
	inProgram(t, func(ctx *pulumi.Context) {
		_, err := estimate.Declared(ctx, estimate.Account{Home: home}, func(*pulumi.Context) error { return nil })
		require.EqualError(t, err, "running the program for an estimate: PULUMI_CONFIG is not JSON")
	})
}

func TestDeclaredRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		account estimate.Account
		body    func(*pulumi.Context) error
		want    string
	}{
		{"no home Region", estimate.Account{}, nil, "field Home: is missing; give the home Region"},
		{"what the body refuses", estimate.Account{Home: home}, func(*pulumi.Context) error { return errors.New("no such thing") }, "no such thing"},
		{"a call without an answer", estimate.Account{Home: home}, func(ctx *pulumi.Context) error {
			_, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{})
			return err
		}, "the program calls aws:index/getAvailabilityZones:getAvailabilityZones, which an estimate cannot answer"},
		{"a resource that is read", estimate.Account{Home: home}, func(ctx *pulumi.Context) error {
			_, err := kms.GetKey(ctx, "there", pulumi.ID("1234"), nil)
			return err
		}, `aws:kms/key:Key "there" is read from AWS, which an estimate cannot answer`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inProgram(t, func(ctx *pulumi.Context) {
				_, err := estimate.Declared(ctx, tt.account, tt.body)
				require.ErrorContains(t, err, tt.want)
			})
		})
	}
}

func TestDeclaredAnswersInEveryPartition(t *testing.T) {
	for _, tt := range []struct{ region, partition, suffix string }{
		{"eu-west-1", "aws", "amazonaws.com"}, {"cn-north-1", "aws-cn", "amazonaws.com.cn"}, {"us-gov-west-1", "aws-us-gov", "amazonaws.com"},
	} {
		inProgram(t, func(ctx *pulumi.Context) {
			all, err := estimate.Declared(ctx, estimate.Account{Home: tt.region}, func(inner *pulumi.Context) error {
				caller, err := aws.GetCallerIdentity(inner, &aws.GetCallerIdentityArgs{})
				require.NoError(t, err)
				require.Equal(t, "arn:"+tt.partition+":iam::123456789012:root", caller.Arn)
				partition, err := aws.GetPartition(inner, &aws.GetPartitionArgs{})
				require.NoError(t, err)
				require.Equal(t, []string{tt.partition, tt.suffix}, []string{partition.Partition, partition.DnsSuffix})
				here, err := aws.GetRegion(inner, &aws.GetRegionArgs{})
				require.NoError(t, err)
				require.Equal(t, tt.region, here.Name)
				enabled, err := aws.GetRegions(inner, &aws.GetRegionsArgs{})
				require.NoError(t, err)
				require.Contains(t, enabled.Names, tt.region)
				topic, err := sns.NewTopic(inner, "a", nil)
				require.NoError(t, err)
				_, err = sns.NewTopic(inner, "b", &sns.TopicArgs{Name: topic.Arn})
				return err
			})
			require.NoError(t, err)
			require.Regexp(t, "^arn:"+tt.partition+":sns:"+tt.region+":123456789012:a-", all[1].Inputs["name"])
		})
	}
}

// TestEveryDeclaredTypeIsKnown reads the components' sources for the constructors of resources.
func TestEveryDeclaredTypeIsKnown(t *testing.T) {
	tokens := ec2Types(t)
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		tokens = append(tokens, constructed(file)...)
		return nil
	}))
	slices.Sort(tokens)
	tokens = slices.Compact(tokens)
	require.Greater(t, len(tokens), 60)
	for _, known := range tokens {
		assert.True(t, estimate.Knows(known), "%s has neither a price nor a reason to be free in kinds.go", known)
	}
	assert.False(t, estimate.Knows("aws:quantum/computer:Computer"))
}

// TestOnlyThePulumiSDKIsCompiled: who estimates compiles no provider.
func TestOnlyThePulumiSDKIsCompiled(t *testing.T) {
	output, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	require.Contains(t, string(output), "github.com/pulumi/pulumi/sdk/v3/go/pulumi")
	require.NotContains(t, string(output), "pulumi-aws")
}

// ec2Types are those that the program registers by their tokens.
func ec2Types(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../hardening/ec2.go")
	require.NoError(t, err)
	tokens := regexp.MustCompile(`aws:ec2/\w+:\w+`).FindAllString(string(source), -1)
	require.NotEmpty(t, tokens)
	return tokens
}

// constructed are the types whose constructors a file calls.
func constructed(file *ast.File) (tokens []string) {
	const sdk = "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/"
	packages := map[string]string{}
	for _, imported := range file.Imports {
		path := strings.Trim(imported.Path.Value, `"`)
		if module, ok := strings.CutPrefix(path, sdk); ok {
			name := module
			if imported.Name != nil {
				name = imported.Name.Name
			}
			packages[name] = module
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, isCall := n.(*ast.CallExpr)
		if !isCall || len(call.Args) < 2 {
			return true
		}
		selector, isSelector := call.Fun.(*ast.SelectorExpr)
		if !isSelector {
			return true
		}
		from, isName := selector.X.(*ast.Ident)
		if !isName {
			return true
		}
		if thing, isNew := strings.CutPrefix(selector.Sel.Name, "New"); isNew && packages[from.Name] != "" {
			tokens = append(tokens, fmt.Sprintf("aws:%s/%s%s:%s", packages[from.Name], strings.ToLower(thing[:1]), thing[1:], thing))
		}
		return true
	})
	return tokens
}
