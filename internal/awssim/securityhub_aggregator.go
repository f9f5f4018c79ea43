package awssim

import (
	"fmt"
	"slices"
)

// securityhubAggregator gathers the findings of other Regions in its home Region. The
// account has one.
type securityhubAggregator struct {
	ARN, Region, Mode string
	Regions           []string
}

const (
	aggregatorAPI       = "CreateFindingAggregator"
	aggregationDoc      = securityhubGuide + "finding-aggregation.html"
	linkAll             = "ALL_REGIONS"
	linkAllBut          = "ALL_REGIONS_EXCEPT_SPECIFIED"
	linkSpecified       = "SPECIFIED_REGIONS"
	linkNone            = "NO_REGIONS"
	findingAggregatorIn = "finding-aggregator/"
)

func checkFindingAggregator(c *call, in props) error {
	mode := str(in, "linkingMode")
	if err := oneOf(in, "linkingMode", "InvalidInputException", securityhubAPI+aggregatorAPI+".html", linkAll, linkAllBut, linkSpecified, linkNone); err != nil {
		return err
	}
	regions := strs(in, "specifiedRegions")
	if (mode == linkAllBut || mode == linkSpecified) && !present(in, "specifiedRegions") {
		return securityhubInvalid(aggregatorAPI, "specifiedRegions: %s needs a list of Regions", mode)
	}
	all := partitions[c.Partition]
	for i, region := range regions {
		switch {
		case !slices.Contains(all.enabled, region) && !slices.Contains(all.optIn, region):
			return securityhubInvalid(aggregatorAPI, "specifiedRegions[%d]: %s is no Region of partition %s", i, region, c.Partition)
		case region == c.Region:
			return securityhubInvalid(aggregatorAPI, "specifiedRegions[%d]: %s is the home Region itself", i, region)
		}
	}
	return nil
}

// link sets mode and Regions. Where the mode asks for none, the provider leaves them out.
func (a *securityhubAggregator) link(in props) {
	a.Mode, a.Regions = str(in, "linkingMode"), nil
	if a.Mode == linkAllBut || a.Mode == linkSpecified {
		a.Regions = strs(in, "specifiedRegions")
	}
}

func (a *securityhubAggregator) props() props {
	out := props{"linkingMode": a.Mode, "specifiedRegions": nil}
	if len(a.Regions) > 0 {
		out["specifiedRegions"] = a.Regions
	}
	return out
}

// createFindingAggregator makes the Region the home of all findings.
func createFindingAggregator(c *call, in props) (string, props, error) {
	h, err := c.hub(aggregatorAPI)
	if err != nil {
		return "", nil, err
	}
	if err := c.may("securityhub:"+aggregatorAPI, h.ARN); err != nil {
		return "", nil, err
	}
	if a := c.SecurityHub.Aggregator; a != nil {
		return "", nil, refuse("LimitExceededException", fmt.Sprintf("Account %s has the finding aggregator %s in %s already; there can be one", c.ID, a.ARN, a.Region),
			securityhubAPI+aggregatorAPI+".html")
	}
	if slices.Contains(partitions[c.Partition].optIn, c.Region) {
		return "", nil, refuse("InvalidInputException", fmt.Sprintf("The opt-in Region %s cannot be the home Region of findings", c.Region), aggregationDoc)
	}
	a := &securityhubAggregator{ARN: c.arn("securityhub", c.Region, c.ID, findingAggregatorIn+c.uuid()), Region: c.Region}
	a.link(in)
	c.SecurityHub.Aggregator = a
	return a.ARN, a.props(), nil
}

func (c *call) findingAggregator(arn string) *securityhubAggregator {
	if a := c.SecurityHub.Aggregator; a != nil && a.ARN == arn && a.Region == c.Region {
		return a
	}
	return nil
}

func readFindingAggregator(c *call, arn string, _ props) (props, error) {
	a := c.findingAggregator(arn)
	if a == nil {
		return nil, errNotFound
	}
	return a.props(), c.may("securityhub:GetFindingAggregator", arn)
}

func updateFindingAggregator(c *call, arn string, _, in props) (props, error) {
	a := c.findingAggregator(arn)
	if a == nil {
		return nil, refuse("ResourceNotFoundException", "There is no finding aggregator "+arn, securityhubAPI+"UpdateFindingAggregator.html")
	}
	if err := c.may("securityhub:UpdateFindingAggregator", arn); err != nil {
		return nil, err
	}
	a.link(in)
	return a.props(), nil
}

func deleteFindingAggregator(c *call, arn string, _ props) error {
	if c.findingAggregator(arn) == nil {
		return errNotFound
	}
	if err := c.may("securityhub:DeleteFindingAggregator", arn); err != nil {
		return err
	}
	c.SecurityHub.Aggregator = nil
	return nil
}
