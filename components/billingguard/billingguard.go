// Package billingguard keeps the bill from surprising anybody: budgets, alarms on estimated charges, cost anomaly detection,
// a periodic report, and on request a budget action and a dashboard.
package billingguard

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

const token = "account-baseline:index:BillingGuard"

// BillingGuard is what watches the bill of an account.
type BillingGuard struct {
	pulumi.ResourceState

	BudgetNames    pulumi.StringArrayOutput `pulumi:"budgetNames"`    // as AWS Budgets lists them, sorted
	AlarmNames     pulumi.StringArrayOutput `pulumi:"alarmNames"`     // of the alarms on EstimatedCharges, sorted
	MonitorArn     pulumi.StringOutput      `pulumi:"monitorArn"`     // of the anomaly monitor, an unmanaged one included; "" without
	ReportArn      pulumi.StringOutput      `pulumi:"reportArn"`      // of the report's state machine, to start one by hand; "" without
	ActionRoleArn  pulumi.StringOutput      `pulumi:"actionRoleArn"`  // of the role of the budget action; "" without
	DashboardName  pulumi.StringOutput      `pulumi:"dashboardName"`  // "" without
	ReportSchedule pulumi.StringArrayOutput `pulumi:"reportSchedule"` // when the report comes, such as "weekly: cron(0 9 ? * MON *) Asia/Tokyo"
	// Gaps say in a sentence each what is not watched or not told with these arguments.
	Gaps pulumi.StringArrayOutput `pulumi:"gaps"`

	alarms map[string][]string // by Region
}

// Alarms are the names of all alarms, by Region: those on EstimatedCharges, and that over reports that could not be started.
func (g *BillingGuard) Alarms() map[string][]string { return maps.Clone(g.alarms) }

func (g *BillingGuard) noteAlarm(region, name string) {
	g.alarms[region] = append(g.alarms[region], name)
}

// builder carries what every child needs.
type builder struct {
	ctx      *pulumi.Context
	name     string // the component's
	prefix   string // of physical names
	args     *BillingGuardArgs
	where    account.Account
	in       partition.Partition
	currency string
	guard    *BillingGuard
	tags     pulumi.StringMapInput

	accountBudget *budgets.Budget // nil when left out

	budgets   []string
	early     []pulumi.Resource // made here before what is late
	action    *actionRights     // nil without a budget action
	alarms    []string
	alarmArns []string
	schedules []string
	gaps      []string
}

// NewBillingGuard registers the component and its resources. It declares nothing when the arguments are wrong: the error names
// every wrong field.
func NewBillingGuard(ctx *pulumi.Context, name string, args *BillingGuardArgs, opts ...pulumi.ResourceOption) (*BillingGuard, error) {
	if args == nil {
		args = &BillingGuardArgs{}
	}
	refused := func(err error) error { return fmt.Errorf("billing guard %q: %w", name, err) }
	if err := args.Validate(); err != nil {
		return nil, refused(err)
	}
	b := &builder{
		ctx: ctx, name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), args: args, tags: account.Tags(ctx, args.Tags),
		guard:   newGuard(),
		budgets: []string{}, alarms: []string{}, schedules: []string{}, gaps: []string{},
	}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, b.guard, opts...); err != nil {
		return nil, err
	}
	if err := b.locate(); err != nil {
		return nil, refused(err)
	}
	for _, step := range []func() error{
		b.newAlarms, b.newReport, b.newDashboard, b.newActionRights, b.newBudgets, b.newAction, b.newAnomalies,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b.guard, ctx.RegisterResourceOutputs(b.guard, b.outputs())
}

// ReportRoleName is the name of the role that publishes the bill report of a component: its prefix and "-report". An
// AlertHub is given the role's ARN in PublishingRoleArns. It is PROJECT-STACK-bill-report for a component named bill.
func ReportRoleName(ctx *pulumi.Context, name, namePrefix string) string {
	return naming.Prefix(ctx, name, namePrefix) + "-" + reportKind
}

// locate finds out where the component is, and what that partition can do.
func (b *builder) locate() (err error) {
	if b.where, err = account.Of(b.ctx, b.guard); err != nil {
		return err
	}
	in, known := partition.ByID(b.where.Partition)
	if !known {
		return fmt.Errorf("the partition %q is unknown", b.where.Partition)
	}
	b.in = in
	if b.currency, err = b.args.currencyIn(in.ID); err != nil {
		return err
	}
	if given := b.args.Regions; given != nil && given.HomeRegion() != b.where.Region {
		return fmt.Errorf("field Regions: the home Region is %s, but the component's own provider works in %s; give it the home Region's provider",
			given.HomeRegion(), b.where.Region)
	}
	if hub := b.args.Alerts; hub != nil && hub.HomeRegion() != b.where.Region {
		return fmt.Errorf("field Alerts: the hub is in %s, but the component's own provider works in %s; give both the same", hub.HomeRegion(), b.where.Region)
	}
	return b.args.Action.checkCaller(b.where)
}

// newGuard has no output without a value.
func newGuard() *BillingGuard {
	none := pulumi.String("").ToStringOutput()
	return &BillingGuard{MonitorArn: none, ReportArn: none, ActionRoleArn: none, DashboardName: none, alarms: map[string][]string{}}
}

func (b *builder) outputs() pulumi.Map {
	g := b.guard
	sorted := func(names []string) pulumi.StringArrayOutput {
		return pulumi.ToStringArray(slices.Sorted(slices.Values(names))).ToStringArrayOutput()
	}
	g.BudgetNames, g.AlarmNames = sorted(b.budgets), sorted(b.alarms)
	g.ReportSchedule = pulumi.ToStringArray(b.schedules).ToStringArrayOutput()
	g.Gaps = pulumi.ToStringArray(b.gaps).ToStringArrayOutput()
	return pulumi.Map{
		"budgetNames": g.BudgetNames, "alarmNames": g.AlarmNames, "monitorArn": g.MonitorArn, "reportArn": g.ReportArn,
		"actionRoleArn": g.ActionRoleArn, "dashboardName": g.DashboardName, "reportSchedule": g.ReportSchedule, "gaps": g.Gaps,
	}
}

// child are the options of a child: its parent and what has to exist before.
func (b *builder) child(after ...pulumi.Resource) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(b.guard)}
	if len(after) > 0 {
		opts = append(opts, pulumi.DependsOn(after))
	}
	return slices.Clip(opts)
}

// late are the options of a child that an account refuses whose IAM users may not see the bill: all else comes first.
func (b *builder) late() []pulumi.ResourceOption {
	return b.child(slices.Concat(b.args.After, b.early)...)
}

// addRoute adds a route to the hub whose rules belong to this component.
func (b *builder) addRoute(name string, route alerthub.Route) error {
	if err := b.args.Alerts.AddRoute(b.ctx, name, route, pulumi.Parent(b.guard)); err != nil {
		return err
	}
	b.early = append(b.early, b.args.Alerts.TargetsOf(name)...)
	return nil
}

// gap adds a sentence to Gaps.
func (b *builder) gap(format string, values ...any) {
	b.gaps = append(b.gaps, fmt.Sprintf(format, values...))
}

// lacks reports whether the partition lacks a feature, and says so in Gaps.
func (b *builder) lacks(feature partition.Feature) bool {
	if b.in.Has(feature) {
		return false
	}
	b.gap("%s does not exist in partition %s", feature.Describe(), b.in.ID)
	return true
}

// nobody reports whether there is no way to tell anybody.
func (b *builder) nobody() bool { return b.args.nobody() }
