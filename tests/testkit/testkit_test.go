package testkit_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

type component struct{ pulumi.ResourceState }

// declare makes a component with a topic in a second Region and a policy over it.
func declare(region string, topicArn *pulumi.Output) func(ctx *pulumi.Context) error {
	return func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String(region)})
		if err != nil {
			return err
		}
		c := &component{}
		if err := ctx.RegisterComponentResourceV2("test:index:Thing", "thing", nil, c, pulumi.Provider(provider)); err != nil {
			return err
		}
		where, err := aws.GetRegion(ctx, &aws.GetRegionArgs{}, pulumi.Parent(c))
		if err != nil {
			return err
		}
		_ = ctx.Log.Warn("in "+where.Name, nil)
		topic, err := sns.NewTopic(ctx, "thing-topic", &sns.TopicArgs{
			Name:        pulumi.String("alerts"),
			DisplayName: pulumi.ToSecret(pulumi.String("hush")).(pulumi.StringOutput),
			Tags:        pulumi.StringMap{"pulumi:project": pulumi.String("account-baseline"), "pulumi:stack": pulumi.String("dev")},
		}, pulumi.Parent(c), pulumi.Protect(true), pulumi.RetainOnDelete(true))
		if err != nil {
			return err
		}
		*topicArn = topic.Arn
		_, err = sns.NewTopicPolicy(ctx, "thing-topic-policy", &sns.TopicPolicyArgs{
			Arn: topic.Arn,
			Policy: topic.Arn.ApplyT(func(arn string) string {
				return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"` + arn + `"}]}`
			}).(pulumi.StringOutput),
		}, pulumi.Parent(c))
		return err
	}
}

func TestRunRecordsWhatTheProgramDeclares(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
			var arn pulumi.Output
			d := testkit.Run(t, testkit.Options{Partition: p.Name, DryRun: m.DryRun}, declare(p.Other, &arn))
			thing := d.Only("test:index:Thing")
			topic := d.One("aws:sns/topic:Topic", "thing-topic")
			d.AllDescendFrom(thing)
			d.AllNamedAfter(thing)
			d.AllUseProviderOf(thing)
			d.AllTagged(nil)
			d.NoHardCodedPartition()

			require.Equal(t, thing.URN, topic.Parent)
			require.Equal(t, "hush", topic.String("displayName"))
			require.True(t, topic.Secret("displayName"))
			require.True(t, topic.Protect)
			require.True(t, topic.RetainOnDelete)
			require.Equal(t, p.Other, topic.Region)
			require.Equal(t, []string{"in " + p.Other}, d.Logs("warning"))

			value, known, _, err := testkit.Await(arn)
			require.NoError(t, err)
			require.Equal(t, !m.DryRun, known)
			if m.DryRun {
				require.Empty(t, d.Policies())
				require.False(t, d.Only("aws:sns/topicPolicy:TopicPolicy").Known("policy"))
				return
			}
			want := "arn:" + p.Name + ":sns:" + p.Other + ":123456789012:alerts"
			require.Equal(t, want, value)
			require.Equal(t, want, d.Policies()[0].Decoded["Statement"].([]any)[0].(map[string]any)["Resource"])
		})
	})
}

func TestRunErrKeepsWhatWasDeclaredBeforeTheError(t *testing.T) {
	d, err := testkit.RunErr(t, testkit.Options{}, func(*pulumi.Context) error { return errors.New("no") })
	require.ErrorContains(t, err, "no")
	d.NothingRegistered()
}
