// Package overview shows the security of an account on one CloudWatch dashboard, as far as CloudWatch knows of it: what the
// metric filters counted, which alarms are on, which alerts were raised, and what could not be delivered.
package overview

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

const token = "account-baseline:index:SecurityOverview"

// SecurityOverview is a dashboard.
type SecurityOverview struct {
	pulumi.ResourceState

	DashboardName pulumi.StringOutput `pulumi:"dashboardName"`
	URL           pulumi.StringOutput `pulumi:"url"` // opens it in the console
	// MetricCount is how many metrics it shows. The first three dashboards of an account are free with at most 50 metrics each;
	// any other is $3 a month.
	MetricCount pulumi.IntOutput `pulumi:"metricCount"`
}

// consoles are the domains of the consoles, by partition.
var consoles = map[string]string{
	"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com",
}

// NewSecurityOverview registers the component and its dashboard, which belongs to no Region but opens in that of the
// component's provider. It declares nothing when the arguments are wrong: the error names every wrong field.
func NewSecurityOverview(ctx *pulumi.Context, name string, args *SecurityOverviewArgs, opts ...pulumi.ResourceOption) (*SecurityOverview, error) {
	if args == nil {
		args = &SecurityOverviewArgs{}
	}
	refused := func(err error) error { return fmt.Errorf("security overview %q: %w", name, err) }
	if err := args.Validate(); err != nil {
		return nil, refused(err)
	}
	overview := &SecurityOverview{}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, overview, opts...); err != nil {
		return nil, err
	}
	where, err := account.Of(ctx, overview)
	if err != nil {
		return nil, refused(err)
	}
	shown := args.widgets(where)
	if err := shown.check(); err != nil {
		return nil, refused(err)
	}
	made, err := cloudwatch.NewDashboard(ctx, name+"-dashboard", &cloudwatch.DashboardArgs{
		DashboardName: pulumi.String(naming.Prefix(ctx, name, args.NamePrefix)),
		DashboardBody: pulumi.String(shown.body()),
	}, pulumi.Parent(overview))
	if err != nil {
		return nil, err
	}
	overview.DashboardName = made.DashboardName
	overview.URL = made.DashboardName.ApplyT(func(name string) string {
		return fmt.Sprintf("https://%s/cloudwatch/home?region=%s#dashboards/dashboard/%s", consoles[where.Partition], where.Region, name)
	}).(pulumi.StringOutput)
	overview.MetricCount = pulumi.Int(shown.metrics).ToIntOutput()
	return overview, ctx.RegisterResourceOutputs(overview, pulumi.Map{
		"dashboardName": overview.DashboardName, "url": overview.URL, "metricCount": overview.MetricCount,
	})
}
