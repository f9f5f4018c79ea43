package billingguard

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// newDashboard declares the dashboard, so that people can look instead of read.
func (b *builder) newDashboard() error {
	if !b.args.Dashboard || b.lacks(partition.EstimatedCharges) {
		return nil
	}
	made, err := cloudwatch.NewDashboard(b.ctx, b.name+"-dashboard", &cloudwatch.DashboardArgs{
		DashboardName: pulumi.String(b.prefix),
		DashboardBody: pulumi.String(dashboardBody(billingRegions[b.in.ID], b.currency, b.alarmArns)),
	}, b.child()...)
	if err != nil {
		return err
	}
	b.early = append(b.early, made)
	b.guard.DashboardName = made.DashboardName
	return nil
}

// dashboardBody shows the charges of the month in all and by service, which the metric starts anew on its first day, and the
// alarms (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).
func dashboardBody(region, currency string, alarmArns []string) string {
	graph := func(y int, title string, stacked bool, metric []any) object {
		return object{"type": "metric", "x": 0, "y": y, "width": 24, "height": 8, "properties": object{
			"title": title, "region": region, "view": "timeSeries", "stacked": stacked, "stat": "Maximum", "period": sixHours, "metrics": []any{metric},
		}}
	}
	widgets := []any{
		graph(0, "Charges of the month, "+currency, false, []any{"AWS/Billing", "EstimatedCharges", "Currency", currency}),
		graph(8, "Charges of the month by service, "+currency, true, []any{object{
			"expression": `SEARCH('{AWS/Billing,Currency,ServiceName} MetricName="EstimatedCharges" Currency="` + currency + `"', 'Maximum', 21600)`,
		}}),
	}
	if len(alarmArns) > 0 {
		widgets = append(widgets, object{"type": "alarm", "x": 0, "y": 16, "width": 24, "height": 4, "properties": object{
			"title": "Alarms", "alarms": alarmArns,
		}})
	}
	return encode(object{"start": "-P3M", "widgets": widgets})
}
