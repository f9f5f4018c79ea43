package threatdetection

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/guardduty"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSuppressionFilters declares the filters that archive known-good findings before anybody is told of them.
func (b *builder) newSuppressionFilters() error {
	for i, filter := range b.args.SuppressionFilters {
		for _, region := range b.managed {
			if len(filter.Regions) > 0 && !slices.Contains(filter.Regions, region) {
				continue
			}
			args := &guardduty.FilterArgs{
				DetectorId:      b.detectors[region],
				Name:            pulumi.String(filter.Name),
				Action:          pulumi.String("ARCHIVE"),
				Rank:            pulumi.Int(i + 1),
				FindingCriteria: guardduty.FilterFindingCriteriaArgs{Criterions: filter.criteria()},
				Tags:            b.tags,
			}
			if filter.Reason != "" {
				args.Description = pulumi.String(filter.Reason)
			}
			if _, err := guardduty.NewFilter(b.ctx, b.name+"-filter-"+filter.Name+"-"+region, args, b.in(region)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// criteria are sorted, so that nothing changes between runs.
func (s SuppressionFilter) criteria() (criteria guardduty.FilterFindingCriteriaCriterionArray) {
	for _, field := range slices.Sorted(maps.Keys(s.Equals)) {
		criteria = append(criteria, guardduty.FilterFindingCriteriaCriterionArgs{
			Field: pulumi.String(field), Equals: pulumi.ToStringArray(s.Equals[field]),
		})
	}
	for _, field := range slices.Sorted(maps.Keys(s.NotEquals)) {
		criteria = append(criteria, guardduty.FilterFindingCriteriaCriterionArgs{
			Field: pulumi.String(field), NotEquals: pulumi.ToStringArray(s.NotEquals[field]),
		})
	}
	return criteria
}

func (l IPList) format() string { return cmp.Or(l.Format, "TXT") }

// newIPLists declares the lists of addresses (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_upload-lists.html).
func (b *builder) newIPLists() error {
	for _, region := range b.managed {
		if list := b.args.TrustedIPList; list != nil {
			if _, err := guardduty.NewIPSet(b.ctx, b.name+"-trusted-ips-"+region, &guardduty.IPSetArgs{
				DetectorId: b.detectors[region],
				Name:       pulumi.String(b.prefix + "-trusted"),
				Activate:   pulumi.Bool(true),
				Format:     pulumi.String(list.format()),
				Location:   pulumi.String(list.Location),
				Tags:       b.tags,
			}, b.in(region)...); err != nil {
				return err
			}
		}
		for i, list := range b.args.ThreatIPLists {
			if _, err := guardduty.NewThreatIntelSet(b.ctx, fmt.Sprintf("%s-threat-ips-%d-%s", b.name, i, region), &guardduty.ThreatIntelSetArgs{
				DetectorId: b.detectors[region],
				Name:       pulumi.String(fmt.Sprintf("%s-threats-%d", b.prefix, i)),
				Activate:   pulumi.Bool(true),
				Format:     pulumi.String(list.format()),
				Location:   pulumi.String(list.Location),
				Tags:       b.tags,
			}, b.in(region)...); err != nil {
				return err
			}
		}
	}
	return nil
}
