// Package threatdetection looks for intruders and tells people of them: GuardDuty and IAM Access Analyzer in every
// covered Region, Security Hub, AWS Health, and on request Trusted Advisor, Inspector and Macie.
package threatdetection

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

const token = "account-baseline:index:ThreatDetection"

// ThreatDetection is what looks for threats in the covered Regions.
type ThreatDetection struct {
	pulumi.ResourceState

	DetectorIds     pulumi.StringMapOutput   `pulumi:"detectorIds"`     // by Region, unmanaged ones included
	AnalyzerArns    pulumi.StringMapOutput   `pulumi:"analyzerArns"`    // of external access analyzers, by Region; unmanaged ones are left out
	SecurityHubArns pulumi.StringMapOutput   `pulumi:"securityHubArns"` // by Region; unmanaged ones are left out
	ExportRegions   pulumi.StringArrayOutput `pulumi:"exportRegions"`   // whose findings are exported
	SkippedPlans    pulumi.StringArrayOutput `pulumi:"skippedPlans"`    // plans that a Region lacks, such as "RDS_LOGIN_EVENTS in ap-east-2"
	// Gaps say in a sentence each what is not watched, not exported or not told with these arguments.
	Gaps pulumi.StringArrayOutput `pulumi:"gaps"`
}

// builder carries what every child needs.
type builder struct {
	ctx       *pulumi.Context
	name      string // the component's
	prefix    string // of physical names
	args      *ThreatDetectionArgs
	where     account.Account // of the home Region
	at        places
	detection *ThreatDetection
	tags      pulumi.StringMapInput

	detectors map[string]pulumi.StringInput // ids by Region
	managed   []string                      // Regions whose detector belongs to the stack, sorted
	analyzers pulumi.StringMap
	hubs      pulumi.StringMap
	skipped   []string
	lacking   map[Plan][]string // the Regions that lack a plan
	exported  []string
	gaps      []string
}

// NewThreatDetection registers the component and its resources. It declares nothing when the arguments are wrong: the error
// names every wrong field.
func NewThreatDetection(ctx *pulumi.Context, name string, args *ThreatDetectionArgs, opts ...pulumi.ResourceOption) (*ThreatDetection, error) {
	if args == nil {
		args = &ThreatDetectionArgs{}
	}
	refused := func(err error) error { return fmt.Errorf("threat detection %q: %w", name, err) }
	b := &builder{
		ctx: ctx, name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), args: args, tags: account.Tags(ctx, args.Tags),
		detection: &ThreatDetection{}, detectors: map[string]pulumi.StringInput{},
		analyzers: pulumi.StringMap{}, hubs: pulumi.StringMap{}, skipped: []string{}, lacking: map[Plan][]string{}, exported: []string{}, gaps: []string{},
	}
	var err error
	b.at, err = args.check()
	if err = errors.Join(err, args.unheard()); err != nil {
		return nil, refused(err)
	}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, b.detection, opts...); err != nil {
		return nil, err
	}
	if err := b.locate(); err != nil {
		return nil, refused(err)
	}
	if err := b.build(); err != nil {
		return nil, err
	}
	return b.detection, ctx.RegisterResourceOutputs(b.detection, b.outputs())
}

// Validate returns all that is wrong with the arguments, each problem naming its field. NewThreatDetection does the same; who
// composes components may call it before registering any, and before there is a hub to give as Alerts. What depends on the
// Region of the own provider, without Regions, is judged by NewThreatDetection only.
func (a *ThreatDetectionArgs) Validate() error {
	_, err := a.check()
	return err
}

// check comes before anything is registered. Without Regions the places have to wait for the Region of the own provider.
func (a *ThreatDetectionArgs) check() (places, error) {
	err := a.validate()
	if a.Regions == nil {
		return places{}, err
	}
	at, placesErr := a.placesOf(a.Regions.HomeRegion(), a.Regions.Covered())
	return at, errors.Join(err, placesErr)
}

// locate finds out where the component is.
func (b *builder) locate() (err error) {
	if b.where, err = account.Of(b.ctx, b.detection); err != nil {
		return err
	}
	if err := b.args.checkRegion(b.where.Region); err != nil || b.args.Regions != nil {
		return err
	}
	b.at, err = b.args.placesOf(b.where.Region, []string{b.where.Region})
	return err
}

// build declares the children as findings flow: what finds, where findings are kept, then who is told.
func (b *builder) build() error {
	for _, step := range []func() error{
		b.newDetectors, b.newExports, b.newSuppressionFilters, b.newIPLists, b.newMalwareProtection,
		b.newAnalyzers, b.newSecurityHubs, b.newInspectors, b.newMacies, b.newAlerts,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) outputs() pulumi.Map {
	detectors := pulumi.StringMap{}
	for region, id := range b.detectors {
		detectors[region] = id
	}
	d := b.detection
	d.DetectorIds = detectors.ToStringMapOutput()
	d.AnalyzerArns = b.analyzers.ToStringMapOutput()
	d.SecurityHubArns = b.hubs.ToStringMapOutput()
	d.ExportRegions = pulumi.ToStringArray(b.exported).ToStringArrayOutput()
	d.SkippedPlans = pulumi.ToStringArray(b.skipped).ToStringArrayOutput()
	d.Gaps = pulumi.ToStringArray(b.gaps).ToStringArrayOutput()
	return pulumi.Map{
		"detectorIds": d.DetectorIds, "analyzerArns": d.AnalyzerArns, "securityHubArns": d.SecurityHubArns,
		"exportRegions": d.ExportRegions, "skippedPlans": d.SkippedPlans, "gaps": d.Gaps,
	}
}

// in are the options of a child in a Region: its parent, the Region's provider, and what has to exist before.
func (b *builder) in(region string, after ...pulumi.Resource) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(b.detection)}
	if b.args.Regions != nil {
		opts = append(opts, pulumi.Provider(b.args.Regions.For(region)))
	}
	if len(after) > 0 {
		opts = append(opts, pulumi.DependsOn(after))
	}
	return slices.Clip(opts)
}

// adopting imports what exists, and leaves its tags alone.
func adopting(opts []pulumi.ResourceOption, id string) []pulumi.ResourceOption {
	if id == "" {
		return opts
	}
	return append(opts, pulumi.Import(pulumi.ID(id)), pulumi.IgnoreChanges([]string{"tags", "tagsAll"}))
}
