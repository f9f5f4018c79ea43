package billingguard

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/internal/scheduledreport"
)

// reportKind ends the names of the report's state machine, role and schedules.
const reportKind = "report"

// newReport declares the state machine that writes the report, and the schedules that start it.
func (b *builder) newReport() error {
	args := b.args.Report
	if args.Omit || b.lacks(partition.CostExplorer) {
		return nil
	}
	if b.args.Alerts == nil {
		b.gap("There is no bill report: nobody would get it (Alerts)")
		return nil
	}
	machine, err := b.newStateMachine()
	if err != nil {
		return err
	}
	b.guard.ReportArn = machine.Arn
	if err := b.newSchedules(machine); err != nil {
		return err
	}
	return b.addRoute(b.name+"-report-failed", b.failedRoute())
}

// topic is that of a severity, whose name never changes, so that policies and definition can be read in a preview.
func (b *builder) topic(severity alerthub.Severity) string {
	return b.where.ARN("sns", b.args.Alerts.Prefix()+"-"+string(severity))
}

// chatTopic is where the Slack app listens; nil for nowhere.
func (b *builder) chatTopic() pulumi.StringInput {
	if given := b.args.Report.ChatTopicArn; given != nil {
		return given
	}
	return b.args.Alerts.ChatTopicArn(b.args.Report.severity())
}

// scheduled is the report's scaffold.
func (b *builder) scheduled() scheduledreport.Report {
	return scheduledreport.Report{
		Ctx: b.ctx, Component: b.guard, Name: b.name, Prefix: b.prefix, Kind: reportKind, Where: b.where, Alerts: b.args.Alerts, Tags: b.tags,
	}
}

func (b *builder) newStateMachine() (*sfn.StateMachine, error) {
	scheduled := b.scheduled()
	role, rights, err := scheduled.NewRole("Reads costs and budgets and publishes the bill report",
		reportPermissions(b.where, b.topic(b.args.Report.severity())).JSON())
	if err != nil {
		return nil, err
	}
	written := report{
		partition: b.where.Partition, accountID: b.where.ID, currency: b.currency, topic: b.topic(b.args.Report.severity()),
	}
	definition, before := pulumi.StringInput(pulumi.String(written.definition())), []pulumi.Resource{rights}
	if chat := b.chatTopic(); chat != nil {
		slack, err := b.newChatRights(role, chat)
		if err != nil {
			return nil, err
		}
		before = append(before, slack)
		definition = chat.ToStringOutput().ApplyT(func(topic string) string {
			withSlack := written
			withSlack.chatTopic = topic
			return withSlack.definition()
		}).(pulumi.StringOutput)
	}
	return sfn.NewStateMachine(b.ctx, b.name+"-report", &sfn.StateMachineArgs{
		Name:       pulumi.String(scheduled.PhysicalName()),
		Type:       pulumi.String("STANDARD"),
		RoleArn:    role.Arn,
		Definition: definition,
		Tags:       b.tags,
	}, b.child(before...)...)
}

// newChatRights are apart, so that the others can be read before the topic exists.
func (b *builder) newChatRights(role *iam.Role, topic pulumi.StringInput) (*iam.RolePolicy, error) {
	where := b.where
	return iam.NewRolePolicy(b.ctx, b.name+"-report-role-slack", &iam.RolePolicyArgs{
		Role: role.Name,
		Name: pulumi.String("slack"),
		Policy: topic.ToStringOutput().ApplyT(func(arn string) string {
			return chatPermissions(where, arn).JSON()
		}).(pulumi.StringOutput),
	}, b.child()...)
}

func (b *builder) newSchedules(machine *sfn.StateMachine) error {
	scheduled := b.scheduled()
	schedules, err := scheduled.NewSchedules("Starts the bill report")
	if err != nil {
		return err
	}
	for _, frequency := range b.args.Report.frequencies() {
		when, zone := b.args.Report.cron(frequency), b.args.Report.timeZone()
		b.schedules = append(b.schedules, string(frequency)+": "+when+" "+zone)
		made, err := schedules.Add(scheduledreport.Schedule{
			Name: string(frequency), PhysicalEnd: "-" + string(frequency), Description: "Starts the " + string(frequency) + " bill report",
			Cron: when, TimeZone: zone, Input: b.args.Report.input(frequency),
		}, machine.Arn)
		if err != nil {
			return err
		}
		b.early = append(b.early, made)
	}
	alarm, err := scheduled.NewDroppedAlarm("A bill report could not be started")
	b.early = append(b.early, alarm)
	b.guard.noteAlarm(b.where.Region, scheduled.DroppedAlarmName())
	return err
}

// cron is when a report is sent (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
func (a ReportArgs) cron(frequency Frequency) string {
	switch frequency {
	case Monthly:
		return fmt.Sprintf("cron(%d %d %d * ? *)", a.Minute, a.hour(), a.dayOfMonth())
	case Weekly:
		return fmt.Sprintf("cron(%d %d ? * %s *)", a.Minute, a.hour(), a.weekday())
	default:
		return fmt.Sprintf("cron(%d %d * * ? *)", a.Minute, a.hour())
	}
}

// input is what an execution is started with.
func (a ReportArgs) input(frequency Frequency) string {
	if frequency == Monthly {
		return fmt.Sprintf(`{"frequency":%q,"dayOfMonth":%d}`, frequency, a.dayOfMonth())
	}
	return fmt.Sprintf(`{"frequency":%q}`, frequency)
}

func (b *builder) failedRoute() alerthub.Route {
	return b.scheduled().FailedRoute(scheduledreport.Failure{
		Description: "The bill report failed",
		Title:       "The bill report of account {account} was not sent, or not to everybody",
		What:        "The state machine that writes the bill report ended with {status}. Budgets and alarms do not depend on it.",
		NextStep: "Open the execution: it shows the step and AWS's answer. AccessDenied of Cost Explorer means that the root user has not " +
			"activated IAM access to billing, or not enabled Cost Explorer. Then start a new execution with the same input.",
	})
}
