package billingguard

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// sixHours is how often AWS publishes EstimatedCharges, in seconds.
const sixHours = 6 * 60 * 60

// billingRegions are where the metric EstimatedCharges is, by partition. For aws-cn that is the Region of all billing
// endpoints (https://docs.amazonaws.cn/en_us/aws/latest/userguide/billing-and-payment.html): no page names the metric's.
var billingRegions = map[string]string{"aws": "us-east-1", "aws-cn": "cn-northwest-1"}

// chargesAlarm is one alarm on EstimatedCharges.
type chargesAlarm struct {
	service string // the metric's name of it; "" for the whole account
	amount  float64
}

func (a chargesAlarm) suffix() string {
	if a.service == "" {
		return "charges-" + decimal(a.amount)
	}
	return "charges-" + a.service + "-" + decimal(a.amount)
}

func (a chargesAlarm) description(currency string) string {
	whose := "The account has"
	if a.service != "" {
		whose = a.service + " has"
	}
	return whose + " cost more than " + decimal(a.amount) + " " + currency + " this month"
}

// newAlarms declares the alarms in the Region of the billing metrics
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html). An alarm acts
// on topics of its own Region only, so that from another home Region a route of the hub tells of them.
func (b *builder) newAlarms() error {
	if b.args.EstimatedCharges.Omit || b.lacks(partition.EstimatedCharges) {
		return nil
	}
	opts, region := b.child(), billingRegions[b.in.ID]
	atHome := b.where.Region == region
	if !atHome {
		if b.args.Regions == nil || !slices.Contains(b.args.Regions.Forwarding(), region) {
			b.gap("There are no alarms on EstimatedCharges: its figures are in %s, for which the component has no provider (Regions)", region)
			return nil
		}
		opts = append(opts, pulumi.Provider(b.args.Regions.For(region)))
	}
	for _, alarm := range b.wantedAlarms() {
		if err := b.newAlarm(alarm, atHome, opts); err != nil {
			return err
		}
	}
	switch {
	case len(b.alarms) == 0 || atHome && b.args.Alerts != nil:
		return nil
	case b.args.Alerts == nil:
		b.gap("Nobody is told of alarms on EstimatedCharges (Alerts)")
		return nil
	case !b.in.Has(partition.CrossRegionEventBus):
		b.gap("Nobody is told of alarms on EstimatedCharges: partition %s has no forwarding of events from %s", b.in.ID, region)
		return nil
	default:
		return b.addRoute(b.name+"-charges", b.chargesRoute())
	}
}

func (b *builder) wantedAlarms() (all []chargesAlarm) {
	args := b.args.EstimatedCharges
	thresholds := args.Thresholds
	if len(thresholds) == 0 && len(args.Services) == 0 {
		if b.args.MonthlyBudget.AutoAdjust != nil {
			b.gap("There is no alarm on EstimatedCharges: the limit of the monthly budget is AWS's (EstimatedCharges.Thresholds)")
			return nil
		}
		thresholds = []float64{b.args.monthlyLimit()}
	}
	for _, amount := range thresholds {
		all = append(all, chargesAlarm{"", amount})
	}
	for _, service := range slices.Sorted(maps.Keys(args.Services)) {
		for _, amount := range args.Services[service] {
			all = append(all, chargesAlarm{service, amount})
		}
	}
	return all
}

func (b *builder) newAlarm(alarm chargesAlarm, atHome bool, opts []pulumi.ResourceOption) error {
	name := b.prefix + "-" + alarm.suffix()
	dimensions := pulumi.StringMap{"Currency": pulumi.String(b.currency)}
	if alarm.service != "" {
		dimensions["ServiceName"] = pulumi.String(alarm.service)
	}
	args := &cloudwatch.MetricAlarmArgs{
		Name:               pulumi.String(name),
		AlarmDescription:   pulumi.String(alarm.description(b.currency)),
		Namespace:          pulumi.String("AWS/Billing"),
		MetricName:         pulumi.String("EstimatedCharges"),
		Dimensions:         dimensions,
		Statistic:          pulumi.String("Maximum"),
		Period:             pulumi.Int(sixHours),
		EvaluationPeriods:  pulumi.Int(1),
		ComparisonOperator: pulumi.String("GreaterThanThreshold"),
		Threshold:          pulumi.Float64(alarm.amount),
		TreatMissingData:   pulumi.String("ignore"), // a late figure ends no alarm
		Tags:               b.tags,
	}
	if atHome && b.args.Alerts != nil {
		args.AlarmActions = pulumi.Array{b.args.Alerts.TopicArn(alerthub.Warning)}
	}
	made, err := cloudwatch.NewMetricAlarm(b.ctx, b.name+"-"+alarm.suffix(), args, opts...)
	b.early = append(b.early, made)
	b.alarms = append(b.alarms, name)
	b.guard.noteAlarm(billingRegions[b.in.ID], name)
	b.alarmArns = append(b.alarmArns, b.where.ARNIn(billingRegions[b.in.ID], "cloudwatch", "alarm:"+name))
	return err
}

func (b *builder) chargesRoute() alerthub.Route {
	return alerthub.Route{
		Description: "The charges of the month have passed a threshold",
		Severity:    alerthub.Warning,
		Scope:       alerthub.GlobalOnly,
		Pattern: map[string]any{
			"source":      []string{"aws.cloudwatch"},
			"detail-type": []string{"CloudWatch Alarm State Change"},
			"detail": map[string]any{
				"alarmName": []any{map[string]any{"prefix": b.prefix + "-charges-"}},
				"state":     map[string]any{"value": []string{"ALARM"}},
			},
		},
		Message: alerthub.Message{
			Title: "The bill of account {account} has passed a threshold",
			What:  "{said}.",
			Details: []alerthub.Detail{
				{Name: "said", Path: "$.detail.configuration.description"},
				{Name: "alarm", Label: "Alarm", Path: "$.detail.alarmName"},
				{Name: "reason", Label: "Reason", Path: "$.detail.state.reason"},
				{Name: "account", Label: "Account", Path: "$.account"},
				{Name: "region", Label: "Region of the alarm", Path: "$.region"},
				{Name: "time", Label: "Time", Path: "$.time"},
			},
			Link:     "https://{console}/costmanagement/home#/cost-explorer",
			NextStep: "Look in Cost Explorer which service grew, then who started it: the trail knows.",
		},
	}
}
