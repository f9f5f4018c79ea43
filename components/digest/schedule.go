package digest

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"

	"github.com/seed-8894d46d/account-baseline/components/internal/scheduledreport"
)

// scheduledInput tells the execution for which time it was meant, so that a late start looks at the same week
// (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
const scheduledInput = `{"until":"<aws.scheduler.scheduled-time>"}`

func (b *builder) newSchedule(machine *sfn.StateMachine) error {
	scheduled := b.scheduled()
	schedules, err := scheduled.NewSchedules("Starts the weekly digest")
	if err != nil {
		return err
	}
	if _, err := schedules.Add(scheduledreport.Schedule{
		Name: "schedule", Description: "Starts the weekly security digest", Cron: b.args.cron(), TimeZone: b.args.timeZone(), Input: scheduledInput,
	}, machine.Arn); err != nil {
		return err
	}
	_, err = scheduled.NewDroppedAlarm("The weekly security digest could not be started")
	return err
}
