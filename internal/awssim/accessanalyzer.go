package awssim

import (
	"fmt"
	"maps"
	"regexp"
)

// accessanalyzerState is what IAM Access Analyzer keeps.
type accessanalyzerState struct {
	Analyzers table[accessAnalyzer] // by Region and name
}

type accessAnalyzer struct {
	Name, ARN, Type string
	Configuration   props
	Tags            map[string]string
	Rules           table[archiveRule] // by name
}

const (
	analyzerService  = "access-analyzer.amazonaws.com"
	analyzerAPI      = "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_"
	analyzerQuotas   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html"
	accountExternal  = "ACCOUNT"
	accountUnused    = "ACCOUNT_UNUSED_ACCESS"
	orgExternal      = "ORGANIZATION"
	orgUnused        = "ORGANIZATION_UNUSED_ACCESS"
	unusedAgeDefault = 90
	unusedAgeMax     = 365
)

// analyzerTypes are how many analyzers of each type an account has in a Region.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html
var analyzerTypes = map[string]struct {
	most                 int
	organization, unused bool
}{
	accountExternal: {most: 1},
	accountUnused:   {most: 1, unused: true},
	orgExternal:     {most: 5, organization: true},
	orgUnused:       {most: 5, organization: true, unused: true},
}

var analyzerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,254}$`)

var accessanalyzerTypes = map[string]resourceType{
	"aws:accessanalyzer/analyzer:Analyzer": {
		check: checkAnalyzer, create: createAnalyzer, read: readAnalyzer, update: updateAnalyzer, delete: deleteAnalyzer,
	},
	"aws:accessanalyzer/archiveRule:ArchiveRule": {
		check: checkArchiveRule, create: createArchiveRule, read: readArchiveRule, update: updateArchiveRule, delete: deleteArchiveRule,
	},
}

func analyzerInvalid(api, format string, args ...any) error {
	return refuse("ValidationException", fmt.Sprintf(format, args...), analyzerAPI+api+".html")
}

func checkAnalyzer(_ *call, in props) error {
	const api = "CreateAnalyzer"
	if name := str(in, "analyzerName"); name != "" && !analyzerName.MatchString(name) {
		return analyzerInvalid(api, "analyzerName %q: a letter, then at most 254 letters, digits, underscores, dots and hyphens are allowed", name)
	}
	if err := oneOf(in, "type", "ValidationException", analyzerAPI+api+".html", sortedKeys(analyzerTypes)...); err != nil {
		return err
	}
	unused := object(object(in, "configuration"), "unusedAccess")
	kind := strOr(in, "type", accountExternal)
	if unused != nil && !isUnknown(in["type"]) && !analyzerTypes[kind].unused {
		return analyzerInvalid(api, "configuration.unusedAccess: an analyzer of type %s does not look for unused access", kind)
	}
	if age, known := number(unused["unusedAccessAge"]); known && (age < 1 || age > unusedAgeMax) {
		return analyzerInvalid(api, "configuration.unusedAccess.unusedAccessAge %v: 1 to %d days are allowed", age, unusedAgeMax)
	}
	return nil
}

func createAnalyzer(c *call, in props) (string, props, error) {
	const api = "CreateAnalyzer"
	name, kind := str(in, "analyzerName"), strOr(in, "type", accountExternal)
	a := &accessAnalyzer{Name: name, ARN: c.arn("access-analyzer", c.Region, c.ID, "analyzer/"+name), Type: kind, Tags: stringMap(in, "tags")}
	if err := c.may("access-analyzer:CreateAnalyzer", a.ARN); err != nil {
		return "", nil, err
	}
	if c.analyzer(name) != nil {
		return "", nil, refuse("ConflictException", fmt.Sprintf("An analyzer with the name %s exists in %s already.", name, c.Region), analyzerAPI+api+".html")
	}
	quota := analyzerTypes[kind]
	if quota.organization && c.Settings.Organization == nil {
		return "", nil, analyzerInvalid(api, "You must create an organization before you create an analyzer of type %s.", kind)
	}
	same := 0
	for key, other := range c.AccessAnalyzer.Analyzers {
		if key == regional(c.Region, other.Name) && other.Type == kind {
			same++
		}
	}
	if same >= quota.most {
		return "", nil, refuse("ServiceQuotaExceededException", fmt.Sprintf("An account has at most %d analyzer(s) of type %s in a Region; %s has that many.", quota.most, kind, c.Region), analyzerQuotas)
	}
	if err := c.useLinkedRole(analyzerService); err != nil {
		return "", nil, err
	}
	a.configure(in)
	c.AccessAnalyzer.Analyzers.put(regional(c.Region, name), a)
	return name, a.props(), nil
}

// configure keeps the configuration as Access Analyzer reports it: one of unused access
// has an age even where none was given.
func (a *accessAnalyzer) configure(in props) {
	a.Configuration = maps.Clone(object(in, "configuration"))
	if !analyzerTypes[a.Type].unused {
		return
	}
	unused := maps.Clone(object(a.Configuration, "unusedAccess"))
	if unused == nil {
		unused = props{}
	}
	if !present(unused, "unusedAccessAge") {
		unused["unusedAccessAge"] = float64(unusedAgeDefault)
	}
	a.Configuration = props{"unusedAccess": unused}
}

func (a *accessAnalyzer) props() props {
	out := props{"analyzerName": a.Name, "arn": a.ARN, "type": a.Type, "tags": a.Tags, "configuration": nil}
	if len(a.Configuration) > 0 {
		out["configuration"] = a.Configuration
	}
	return out
}

func (c *call) analyzer(name string) *accessAnalyzer {
	return c.AccessAnalyzer.Analyzers[regional(c.Region, name)]
}

func readAnalyzer(c *call, id string, _ props) (props, error) {
	a := c.analyzer(id)
	if a == nil {
		return nil, errNotFound
	}
	return a.props(), c.may("access-analyzer:GetAnalyzer", a.ARN)
}

// updateAnalyzer changes tags; everything else replaces an analyzer.
func updateAnalyzer(c *call, id string, _, in props) (props, error) {
	a := c.analyzer(id)
	if a == nil {
		return nil, refuse("ResourceNotFoundException", "There is no analyzer "+id, analyzerAPI+"GetAnalyzer.html")
	}
	if err := c.may("access-analyzer:TagResource", a.ARN); err != nil {
		return nil, err
	}
	a.Tags = stringMap(in, "tags")
	return a.props(), nil
}

func deleteAnalyzer(c *call, id string, _ props) error {
	a := c.analyzer(id)
	if a == nil {
		return errNotFound
	}
	if err := c.may("access-analyzer:DeleteAnalyzer", a.ARN); err != nil {
		return err
	}
	delete(c.AccessAnalyzer.Analyzers, regional(c.Region, id))
	return nil
}
