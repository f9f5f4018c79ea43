// Package digest tells people once a week what happened to the security of an account, without anybody remembering to look:
// root use, sign-ins without MFA, denied calls, new access keys, rules that are not obeyed, open findings.
package digest

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/internal/scheduledreport"
)

const token = "account-baseline:index:WeeklyDigest"

// kind ends the names of the state machine, its role, its schedule group and its schedule.
const kind = "digest"

// WeeklyDigest is the state machine that writes the digest, with the schedule that starts it.
type WeeklyDigest struct {
	pulumi.ResourceState

	StateMachineArn pulumi.StringOutput `pulumi:"stateMachineArn"` // to start a digest by hand
	RoleArn         pulumi.StringOutput `pulumi:"roleArn"`         // of the role that reads and publishes
	Schedule        pulumi.StringOutput `pulumi:"schedule"`        // when the digest comes, such as "cron(0 8 ? * MON *) Asia/Tokyo"
	// NotLookedAt say in a sentence each what the digest does not look at with these arguments, and names as such.
	NotLookedAt pulumi.StringArrayOutput `pulumi:"notLookedAt"`

	alarm string
}

// AlarmName is the name of the alarm over digests that could not be started.
func (d *WeeklyDigest) AlarmName() string { return d.alarm }

// builder carries what every child needs.
type builder struct {
	ctx    *pulumi.Context
	name   string // the component's
	prefix string // of physical names
	args   *WeeklyDigestArgs
	where  account.Account
	digest *WeeklyDigest
	tags   pulumi.StringMapInput
}

// NewWeeklyDigest registers the component and its resources in the Region of its provider, which has to be that of the hub.
// It declares nothing when the arguments are wrong: the error names every wrong field.
func NewWeeklyDigest(ctx *pulumi.Context, name string, args *WeeklyDigestArgs, opts ...pulumi.ResourceOption) (*WeeklyDigest, error) {
	if args == nil {
		args = &WeeklyDigestArgs{}
	}
	refused := func(err error) error { return fmt.Errorf("weekly digest %q: %w", name, err) }
	if err := args.validate(); err != nil {
		return nil, refused(err)
	}
	b := &builder{
		ctx: ctx, name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), args: args, tags: account.Tags(ctx, args.Tags),
		digest: &WeeklyDigest{},
	}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, b.digest, opts...); err != nil {
		return nil, err
	}
	var err error
	if b.where, err = account.Of(ctx, b.digest); err != nil {
		return nil, refused(err)
	}
	if at := args.Alerts.HomeRegion(); at != b.where.Region {
		return nil, refused(fmt.Errorf("field Alerts: the hub is in %s, but the component's own provider works in %s; give both the same", at, b.where.Region))
	}
	if err := b.build(); err != nil {
		return nil, err
	}
	d := b.digest
	return d, ctx.RegisterResourceOutputs(d, pulumi.Map{
		"stateMachineArn": d.StateMachineArn, "roleArn": d.RoleArn, "schedule": d.Schedule, "notLookedAt": d.NotLookedAt,
	})
}

// RoleName is the name of the role that publishes the digest of a component: its prefix and "-digest". The role's own rights
// are enough within the account; PublishingRoleArns of the hub need not name it.
func RoleName(ctx *pulumi.Context, name, namePrefix string) string {
	return naming.Prefix(ctx, name, namePrefix) + "-" + kind
}

func (b *builder) build() error {
	written := b.written()
	machine, err := b.newStateMachine(written)
	if err != nil {
		return err
	}
	if err := b.newSchedule(machine); err != nil {
		return err
	}
	if err := b.args.Alerts.AddRoute(b.ctx, b.name+"-failed", b.failedRoute(), pulumi.Parent(b.digest)); err != nil {
		return err
	}
	missing := []string{}
	for _, topic := range topics {
		if why := written.sources[topic].Missing; why != "" {
			missing = append(missing, topicNames[topic]+": "+why)
		}
	}
	b.digest.StateMachineArn = machine.Arn
	b.digest.alarm = b.scheduled().DroppedAlarmName()
	b.digest.Schedule = pulumi.String(b.args.cron() + " " + b.args.timeZone()).ToStringOutput()
	b.digest.NotLookedAt = pulumi.ToStringArray(missing).ToStringArrayOutput()
	return nil
}

// topic is that of the informational severity, whose name never changes, so that policies and definition can be read in a
// preview.
func (b *builder) topic() string {
	return b.where.ARN("sns", b.args.Alerts.Prefix()+"-"+string(alerthub.Informational))
}

// chatTopic carries the Slack app's own form, "" without Slack.
func (b *builder) chatTopic() string {
	if b.args.Alerts.ChatTopicArn(alerthub.Informational) == nil {
		return ""
	}
	return b.topic() + "-chat"
}

// topics are all that the digest publishes to.
func (b *builder) topics() []string {
	return slices.DeleteFunc([]string{b.topic(), b.chatTopic()}, func(topic string) bool { return topic == "" })
}

// scheduled is the digest's scaffold.
func (b *builder) scheduled() scheduledreport.Report {
	return scheduledreport.Report{
		Ctx: b.ctx, Component: b.digest, Name: b.name, Prefix: b.prefix, Kind: kind, Where: b.where, Alerts: b.args.Alerts, Tags: b.tags,
	}
}

func (b *builder) newStateMachine(written report) (*sfn.StateMachine, error) {
	scheduled := b.scheduled()
	role, rights, err := scheduled.NewRole("Reads what the weekly digest tells of, and publishes it",
		digestPermissions(b.where, b.args, b.topics()).JSON())
	if err != nil {
		return nil, err
	}
	b.digest.RoleArn = role.Arn
	return sfn.NewStateMachine(b.ctx, b.name+"-digest", &sfn.StateMachineArgs{
		Name:       pulumi.String(scheduled.PhysicalName()),
		Type:       pulumi.String("STANDARD"),
		RoleArn:    role.Arn,
		Definition: pulumi.String(written.definition()),
		Tags:       b.tags,
	}, pulumi.Parent(b.digest), pulumi.DependsOn([]pulumi.Resource{rights}))
}

// failedRoute tells of a digest that was not sent, and of one that lacks something it should have looked at.
func (b *builder) failedRoute() alerthub.Route {
	return b.scheduled().FailedRoute(scheduledreport.Failure{
		Description: "The weekly security digest failed",
		Title:       "The weekly security digest of account {account} was not sent, or is incomplete",
		What:        "The state machine that writes the digest ended with {status}. Alerts do not depend on it.",
		NextStep: "Open the execution: it shows the step and AWS's answer. Run pulumi up where a role or a log group was changed, " +
			"then start the state machine again with the same input.",
	})
}
