package awssim

import (
	"cmp"
	"slices"
)

// macieState is what Amazon Macie keeps.
type macieState struct {
	Sessions table[macieSession] // by Region
}

// macieSession is Macie in one Region.
type macieSession struct {
	Frequency, Status, Created, Updated string
}

const (
	macieService = "macie.amazonaws.com"
	macieAPI     = "https://docs.aws.amazon.com/macie/latest/APIReference/macie.html"
	maciePaused  = "PAUSED"

	macieRegionsDoc = "https://docs.aws.amazon.com/general/latest/gr/macie.html"
)

// macieOptIn are the Regions that are disabled by default and have Macie.
// https://docs.aws.amazon.com/general/latest/gr/macie.html
var macieOptIn = []string{"af-south-1", "ap-east-1", "eu-south-1", "il-central-1", "me-south-1"}

var macieTypes = map[string]resourceType{
	"aws:macie2/account:Account": {
		check: checkMacie, create: createMacie, read: readMacie, update: updateMacie, delete: deleteMacie,
	},
}

func checkMacie(_ *call, in props) error {
	if err := oneOf(in, "findingPublishingFrequency", "ValidationException", macieAPI, findingFrequencies...); err != nil {
		return err
	}
	return oneOf(in, "status", "ValidationException", macieAPI, statusEnabled, maciePaused)
}

func createMacie(c *call, in props) (string, props, error) {
	if err := c.may("macie2:EnableMacie", "*"); err != nil {
		return "", nil, err
	}
	if c.Partition != "aws" || slices.Contains(partitions[c.Partition].optIn, c.Region) && !slices.Contains(macieOptIn, c.Region) {
		return "", nil, refuse("EndpointNotFound", "Amazon Macie is not available in "+c.Region, macieRegionsDoc)
	}
	if c.Macie.Sessions[c.Region] != nil {
		return "", nil, refuse("ConflictException", "Macie has already been enabled", macieAPI)
	}
	if err := c.useLinkedRole(macieService); err != nil {
		return "", nil, err
	}
	s := &macieSession{Created: c.timestamp()}
	s.configure(c, in)
	c.Macie.Sessions.put(c.Region, s)
	return c.ID, s.props(c), nil
}

func (s *macieSession) configure(c *call, in props) {
	s.Frequency = strOr(in, "findingPublishingFrequency", cmp.Or(s.Frequency, "FIFTEEN_MINUTES"))
	s.Status = strOr(in, "status", cmp.Or(s.Status, statusEnabled))
	s.Updated = c.timestamp()
}

func (s *macieSession) props(c *call) props {
	return props{
		"findingPublishingFrequency": s.Frequency, "status": s.Status, "createdAt": s.Created, "updatedAt": s.Updated,
		"serviceRole": c.iamARN("role", "/aws-service-role/"+macieService+"/", linkedRoles[macieService].role),
	}
}

func readMacie(c *call, id string, _ props) (props, error) {
	s := c.Macie.Sessions[c.Region]
	if s == nil || id != c.ID {
		return nil, errNotFound
	}
	return s.props(c), c.may("macie2:GetMacieSession", "*")
}

func updateMacie(c *call, _ string, _, in props) (props, error) {
	s := c.Macie.Sessions[c.Region]
	if s == nil {
		return nil, refuse("AccessDeniedException", "Macie is not enabled", macieAPI)
	}
	if err := c.may("macie2:UpdateMacieSession", "*"); err != nil {
		return nil, err
	}
	s.configure(c, in)
	return s.props(c), nil
}

func deleteMacie(c *call, _ string, _ props) error {
	if c.Macie.Sessions[c.Region] == nil {
		return errNotFound
	}
	if err := c.may("macie2:DisableMacie", "*"); err != nil {
		return err
	}
	delete(c.Macie.Sessions, c.Region)
	return nil
}
