package scheduledreport

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

// Retries of a start that EventBridge Scheduler could not make.
const (
	startWithinSeconds = 6 * 60 * 60
	startAttempts      = 20
)

// Schedules are the group of a report's schedules, with the role that starts its state machine.
type Schedules struct {
	report Report
	group  *scheduler.ScheduleGroup
	role   *iam.Role
	rights *iam.RolePolicy
}

// Schedule is when a report is started.
type Schedule struct {
	Name        string // ends the child's name
	PhysicalEnd string // ends the physical name, after that of the report; "" adds nothing
	Description string
	Cron        string // https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
	TimeZone    string // of the IANA database
	Input       string // JSON that the execution gets
}

// NewSchedules declares a group for the schedules, because the group is what EventBridge Scheduler names when it assumes a role
// (https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html).
func (r Report) NewSchedules(description string) (*Schedules, error) {
	group, err := scheduler.NewScheduleGroup(r.Ctx, r.Name+"-"+r.Kind+"-schedules", &scheduler.ScheduleGroupArgs{
		Name: pulumi.String(r.PhysicalName()),
		Tags: r.Tags,
	}, r.child()...)
	if err != nil {
		return nil, err
	}
	role, rights, err := r.AddRole(r.Kind+"-schedule", description,
		ServiceTrust(r.Where, "scheduler.amazonaws.com", r.Where.ARN("scheduler", "schedule-group/"+r.PhysicalName())).JSON(),
		startPermissions(r.StateMachineArn()).JSON())
	if err != nil {
		return nil, err
	}
	return &Schedules{report: r, group: group, role: role, rights: rights}, nil
}

// Add declares a schedule that starts the state machine.
func (s *Schedules) Add(one Schedule, stateMachine pulumi.StringInput) (*scheduler.Schedule, error) {
	r := s.report
	return scheduler.NewSchedule(r.Ctx, r.Name+"-"+r.Kind+"-"+one.Name, &scheduler.ScheduleArgs{
		Name:                       pulumi.String(r.PhysicalName() + one.PhysicalEnd),
		GroupName:                  s.group.Name,
		Description:                pulumi.String(one.Description),
		ScheduleExpression:         pulumi.String(one.Cron),
		ScheduleExpressionTimezone: pulumi.String(one.TimeZone),
		FlexibleTimeWindow:         scheduler.ScheduleFlexibleTimeWindowArgs{Mode: pulumi.String("OFF")},
		Target: scheduler.ScheduleTargetArgs{
			Arn:     stateMachine,
			RoleArn: s.role.Arn,
			Input:   pulumi.String(one.Input),
			RetryPolicy: scheduler.ScheduleTargetRetryPolicyArgs{
				MaximumEventAgeInSeconds: pulumi.Int(startWithinSeconds), MaximumRetryAttempts: pulumi.Int(startAttempts),
			},
		},
	}, r.child(s.rights)...)
}

// DroppedAlarmName is the name of the alarm of NewDroppedAlarm.
func (r Report) DroppedAlarmName() string { return r.PhysicalName() + "-dropped" }

// NewDroppedAlarm tells of reports that could not even be started; those that fail later have an event.
func (r Report) NewDroppedAlarm(description string) (*cloudwatch.MetricAlarm, error) {
	return cloudwatch.NewMetricAlarm(r.Ctx, r.Name+"-"+r.Kind+"-dropped", &cloudwatch.MetricAlarmArgs{
		Name:               pulumi.String(r.DroppedAlarmName()),
		AlarmDescription:   pulumi.String(description + ": look at its schedule's role and at the state machine"),
		Namespace:          pulumi.String("AWS/Scheduler"),
		MetricName:         pulumi.String("InvocationDroppedCount"),
		Dimensions:         pulumi.StringMap{"ScheduleGroup": pulumi.String(r.PhysicalName())},
		Statistic:          pulumi.String("Sum"),
		Period:             pulumi.Int(300),
		EvaluationPeriods:  pulumi.Int(1),
		ComparisonOperator: pulumi.String("GreaterThanThreshold"),
		Threshold:          pulumi.Float64(0),
		TreatMissingData:   pulumi.String("notBreaching"), // an idle group sends no figures
		AlarmActions:       pulumi.Array{r.Alerts.TopicArn(alerthub.Warning)},
		Tags:               r.Tags,
	}, r.child()...)
}
