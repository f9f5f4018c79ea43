package alerthub

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// deadLetters names the queues, their alarms and the route of the alarms' changes.
const deadLetters = "dead-letters"

// newDeadLetterAlarms declares an alarm over the dead-letter queue of each Region. An alarm can only act on a topic of
// its own Region (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html), so those
// of other Regions are told by a route, and by the watch, which does not depend on the path that may be broken.
func (h *AlertHub) newDeadLetterAlarms(ctx *pulumi.Context) error {
	for _, region := range slices.Sorted(maps.Keys(h.deadLetters)) {
		opts := []pulumi.ResourceOption{pulumi.Parent(h)}
		var actions pulumi.Array
		if region == h.home.Region {
			actions = pulumi.Array{h.topics[Critical].Arn}
		} else {
			opts = append(opts, pulumi.Provider(h.regions.For(region)))
		}
		if _, err := cloudwatch.NewMetricAlarm(ctx, h.name+"-dead-letters-"+region+"-alarm", &cloudwatch.MetricAlarmArgs{
			Name:               pulumi.String(h.deadLetterAlarm()),
			AlarmDescription:   pulumi.String("Alerts of " + region + " could not be delivered and wait in the queue " + h.prefix + "-" + deadLetters),
			Namespace:          pulumi.String("AWS/SQS"),
			MetricName:         pulumi.String("ApproximateNumberOfMessagesVisible"),
			Dimensions:         pulumi.StringMap{"QueueName": h.deadLetters[region].Name},
			Statistic:          pulumi.String("Maximum"),
			Period:             pulumi.Int(300),
			EvaluationPeriods:  pulumi.Int(1),
			ComparisonOperator: pulumi.String("GreaterThanThreshold"),
			Threshold:          pulumi.Float64(0),
			TreatMissingData:   pulumi.String("notBreaching"), // an idle queue sends no figures
			AlarmActions:       actions,
			Tags:               h.tags,
		}, opts...); err != nil {
			return err
		}
		h.alarmed = append(h.alarmed, region)
	}
	return nil
}

// AlarmNames are the names of the hub's alarms, by Region.
func (h *AlertHub) AlarmNames() map[string][]string {
	names := map[string][]string{}
	for _, region := range h.alarmed {
		names[region] = []string{h.deadLetterAlarm()}
	}
	return names
}

func (h *AlertHub) deadLetterAlarm() string { return h.prefix + "-" + deadLetters }

// deadLettersElsewhere tells of the alarms of other Regions; the home Region's has an action of its own.
func (h *AlertHub) deadLettersElsewhere() Route {
	return Route{
		Description: "Alerts of another Region could not be delivered",
		Severity:    Critical,
		Pattern: map[string]any{
			"source":      []string{"aws.cloudwatch"},
			"detail-type": []string{"CloudWatch Alarm State Change"},
			"region":      []any{map[string]any{"anything-but": []string{h.home.Region}}},
			"detail": map[string]any{
				"alarmName": []string{h.deadLetterAlarm()},
				"state":     map[string]any{"value": []string{"ALARM"}},
			},
		},
		Message: Message{
			Title: "Alerts of {region} are stuck",
			What:  "Alerts that were raised in {region} could not be delivered and wait in a queue there, for 14 days.",
			Details: []Detail{
				{Name: "queue", Label: "Queue", Path: "$.detail.alarmName"},
				{Name: "account", Label: "Account", Path: "$.account"},
				{Name: "region", Label: "Region", Path: "$.region"},
				{Name: "time", Label: "Time", Path: "$.time"},
			},
			Link:     "https://{console}/sqs/v3/home?region={region}#/queues",
			NextStep: "Poll the queue in the console: every message is an event that nobody was told of, and its attributes say why. Run pulumi up to repair what was changed.",
		},
	}
}
