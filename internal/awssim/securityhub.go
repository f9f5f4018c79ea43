package awssim

import (
	"fmt"
)

// securityhubState is what AWS Security Hub CSPM keeps.
type securityhubState struct {
	Hubs       table[securityhubHub] // by Region
	Aggregator *securityhubAggregator
}

// securityhubHub is Security Hub in one Region.
type securityhubHub struct {
	ARN        string
	AutoEnable bool   // new controls of enabled standards are enabled
	Generator  string // SECURITY_CONTROL or STANDARD_CONTROL
	// Standards are the enabled standards by the ARN of their subscription.
	Standards table[securityhubStandard]
}

// securityhubStandard is an enabled standard, with the controls that were set by hand.
type securityhubStandard struct {
	ARN      string
	Controls table[securityhubControl] // by id
}

type securityhubControl struct {
	Status, Reason, Updated string
}

const (
	securityhubService = "securityhub.amazonaws.com"
	securityhubAPI     = "https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_"
	securityhubGuide   = "https://docs.aws.amazon.com/securityhub/latest/userguide/"
	securityControl    = "SECURITY_CONTROL"
)

var securityhubTypes = map[string]resourceType{
	"aws:securityhub/account:Account": {
		check: checkHub, create: createHub, read: readHub, update: updateHub, delete: deleteHub,
	},
	"aws:securityhub/standardsSubscription:StandardsSubscription": {
		check: checkStandard, create: createStandard, read: readStandard, delete: deleteStandard,
	},
	"aws:securityhub/standardsControl:StandardsControl": {
		check: checkStandardsControl, create: createStandardsControl, read: readStandardsControl, update: updateStandardsControl, delete: keepControl,
	},
	"aws:securityhub/standardsControlAssociation:StandardsControlAssociation": {
		check: checkAssociation, create: createAssociation, read: readAssociation, update: updateAssociation, delete: keepControl,
	},
	"aws:securityhub/findingAggregator:FindingAggregator": {
		check: checkFindingAggregator, create: createFindingAggregator, read: readFindingAggregator, update: updateFindingAggregator, delete: deleteFindingAggregator,
	},
}

// hub is Security Hub in the Region; whoever has it not enabled gets InvalidAccessException.
func (c *call) hub(api string) (*securityhubHub, error) { return c.hubIn(c.Region, api) }

func (a *Account) hubIn(region, api string) (*securityhubHub, error) {
	if h := a.SecurityHub.Hubs[region]; h != nil {
		return h, nil
	}
	return nil, refuse("InvalidAccessException", fmt.Sprintf("Account %s is not subscribed to AWS Security Hub in %s", a.ID, region), securityhubAPI+api+".html")
}

func securityhubInvalid(api, format string, args ...any) error {
	return refuse("InvalidInputException", fmt.Sprintf(format, args...), securityhubAPI+api+".html")
}

func checkHub(_ *call, in props) error {
	return oneOf(in, "controlFindingGenerator", "InvalidInputException", securityhubAPI+"EnableSecurityHub.html", securityControl, "STANDARD_CONTROL")
}

// createHub enables Security Hub, with the default standards unless told otherwise.
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html
func createHub(c *call, in props) (string, props, error) {
	h := &securityhubHub{ARN: c.arn("securityhub", c.Region, c.ID, "hub/default")}
	for _, action := range []string{"securityhub:EnableSecurityHub", "securityhub:UpdateSecurityHubConfiguration"} {
		if err := c.may(action, h.ARN); err != nil {
			return "", nil, err
		}
	}
	if c.SecurityHub.Hubs[c.Region] != nil {
		return "", nil, refuse("ResourceConflictException", "Account is already subscribed to Security Hub", securityhubAPI+"EnableSecurityHub.html")
	}
	if err := c.useLinkedRole(securityhubService); err != nil {
		return "", nil, err
	}
	if flag(in, "enableDefaultStandards", true) {
		for _, s := range securityhubStandards {
			if s.byDefault {
				arn := c.standardARN(s)
				h.Standards.put(c.subscriptionARN(s), &securityhubStandard{ARN: arn})
			}
		}
	}
	h.configure(in)
	c.SecurityHub.Hubs.put(c.Region, h)
	return c.ID, h.props(), nil
}

func (h *securityhubHub) configure(in props) {
	h.AutoEnable = flag(in, "autoEnableControls", true)
	if g := str(in, "controlFindingGenerator"); g != "" || h.Generator == "" {
		h.Generator = strOr(in, "controlFindingGenerator", securityControl)
	}
}

// props are what DescribeHub reports; whether default standards were asked for is not
// among it.
func (h *securityhubHub) props() props {
	return props{"arn": h.ARN, "autoEnableControls": h.AutoEnable, "controlFindingGenerator": h.Generator}
}

func readHub(c *call, id string, state props) (props, error) {
	h := c.SecurityHub.Hubs[c.Region]
	if h == nil || id != c.ID {
		return nil, errNotFound
	}
	out := h.props()
	// AWS does not report it. The provider keeps what it has; an import has it off.
	out["enableDefaultStandards"] = state["enableDefaultStandards"]
	if len(state) == 0 {
		out["enableDefaultStandards"] = false
	}
	return out, c.may("securityhub:DescribeHub", h.ARN)
}

func updateHub(c *call, _ string, _, in props) (props, error) {
	h, err := c.hub("UpdateSecurityHubConfiguration")
	if err != nil {
		return nil, err
	}
	if err := c.may("securityhub:UpdateSecurityHubConfiguration", h.ARN); err != nil {
		return nil, err
	}
	h.configure(in)
	return h.props(), nil
}

// deleteHub disables Security Hub in the Region: its standards go, and an aggregator
// whose home it is.
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-disable.html
func deleteHub(c *call, _ string, _ props) error {
	h := c.SecurityHub.Hubs[c.Region]
	if h == nil {
		return errNotFound
	}
	if err := c.may("securityhub:DisableSecurityHub", h.ARN); err != nil {
		return err
	}
	delete(c.SecurityHub.Hubs, c.Region)
	if a := c.SecurityHub.Aggregator; a != nil && a.Region == c.Region {
		c.SecurityHub.Aggregator = nil
	}
	return nil
}
