package awssim

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	putPackAPI      = "PutConformancePack"
	packTemplateDoc = configGuide + "custom-conformance-pack.html"
	packTemplateMax = 51200
	packURIMax      = 1024
	packRules       = 130
	packsPerRegion  = 50
	packRuleType    = "AWS::Config::ConfigRule"
	packRepairType  = "AWS::Config::RemediationConfiguration"
)

var packName = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,255}$`)

// packTemplate is what counts of a template.
type packTemplate struct {
	Parameters map[string]struct {
		Default any `yaml:"Default"`
	} `yaml:"Parameters"`
	Resources map[string]struct {
		Type       string       `yaml:"Type"`
		Properties packResource `yaml:"Properties"`
	} `yaml:"Resources"`
}

type packResource struct {
	ConfigRuleName  string         `yaml:"ConfigRuleName"`
	InputParameters map[string]any `yaml:"InputParameters"`
	Source          struct {
		Owner            string `yaml:"Owner"`
		SourceIdentifier string `yaml:"SourceIdentifier"`
	} `yaml:"Source"`
}

func packRefusal(format string, args ...any) error {
	return refuse("ConformancePackTemplateValidationException", fmt.Sprintf(format, args...), packTemplateDoc)
}

func checkPack(c *call, in props) error {
	if name := str(in, "name"); name != "" && !packName.MatchString(name) {
		return refuse("ValidationException", fmt.Sprintf("name %q: a name begins with a letter and has 1 to %d letters, digits and hyphens", name, configNameMax),
			configAPI+putPackAPI+".html")
	}
	body, uri := present(in, "templateBody"), present(in, "templateS3Uri")
	if !body && !uri {
		return configInvalid(putPackAPI, "one of templateBody and templateS3Uri has to be given")
	}
	if s := str(in, "templateS3Uri"); s != "" && (!strings.HasPrefix(s, "s3://") || len(s) > packURIMax) {
		return refuse("ValidationException", fmt.Sprintf("templateS3Uri %q: a location begins with s3:// and has at most %d characters", s, packURIMax), configAPI+putPackAPI+".html")
	}
	for _, limit := range []struct {
		property string
		most     int
	}{{"templateBody", packTemplateMax}, {"deliveryS3Bucket", 63}, {"deliveryS3KeyPrefix", 1024}} {
		if err := configLength(in, limit.property, limit.most, putPackAPI); err != nil {
			return err
		}
	}
	for _, p := range objects(in, "inputParameters") {
		if len([]rune(str(p, "parameterName"))) > 255 || len([]rune(str(p, "parameterValue"))) > 4096 {
			return refuse("ValidationException", "inputParameters: a name has at most 255 characters, a value at most 4096", configAPI+"ConformancePackInputParameter.html")
		}
	}
	if !body || uri || hasUnknown(in["templateBody"]) || hasUnknown(in["inputParameters"]) {
		return nil
	}
	_, err := readTemplate(c.Region, in)
	return err
}

// readTemplate refuses templates that make no conformance pack in the Region. It
// returns the names of its rules.
func readTemplate(region string, in props) ([]string, error) {
	var template packTemplate
	if err := yaml.Unmarshal([]byte(str(in, "templateBody")), &template); err != nil {
		return nil, packRefusal("The template is not valid YAML or JSON: %v", err)
	}
	if len(template.Resources) == 0 {
		return nil, packRefusal("The template has no resources.")
	}
	var rules []string
	for _, id := range sortedKeys(template.Resources) {
		resource := template.Resources[id]
		switch resource.Type {
		case packRepairType:
			continue
		case packRuleType:
		default:
			return nil, packRefusal("Resource %s has the type %q; allowed are %s and %s.", id, resource.Type, packRuleType, packRepairType)
		}
		if err := resource.Properties.check(region, id); err != nil {
			return nil, err
		}
		name := resource.Properties.ConfigRuleName
		if name == "" {
			name = id
		}
		rules = append(rules, name)
	}
	if len(rules) > packRules {
		return nil, refuse("ConformancePackTemplateValidationException", fmt.Sprintf("The template has %d rules; at most %d are allowed.", len(rules), packRules), configLimitsDoc)
	}
	return rules, template.checkInputs(in)
}

// check looks at a managed rule of a template; values may be references.
func (r packResource) check(region, id string) error {
	if r.Source.Owner != ownerAWS {
		return nil
	}
	rule, err := managedRuleIn(region, r.Source.SourceIdentifier)
	if err != nil {
		return packRefusal("Rule %s: %v", id, err)
	}
	for _, name := range sortedKeys(r.InputParameters) {
		if _, known := rule.Parameters[name]; !known {
			return packRefusal("Rule %s: %s has no parameter %s.", id, r.Source.SourceIdentifier, name)
		}
	}
	return nil
}

func (t packTemplate) checkInputs(in props) error {
	given := map[string]bool{}
	for _, p := range objects(in, "inputParameters") {
		name := str(p, "parameterName")
		if _, declared := t.Parameters[name]; !declared {
			return packRefusal("The input parameter %s is not declared in the template.", name)
		}
		given[name] = true
	}
	for _, name := range sortedKeys(t.Parameters) {
		if t.Parameters[name].Default == nil && !given[name] {
			return packRefusal("The template's parameter %s has neither a default nor a value.", name)
		}
	}
	return nil
}

func (c *call) packARN(name string) string {
	if p := c.Config.Packs[regional(c.Region, name)]; p != nil {
		return p.ARN
	}
	return c.arn("config", c.Region, c.ID, "conformance-pack/"+name+"/*")
}

// putPack makes or changes a conformance pack. AWS Config makes the rules with a
// service-linked role, which it makes itself.
func (c *call) putPack(in props) (props, error) {
	name := str(in, "name")
	if err := c.may("config:PutConformancePack", c.packARN(name)); err != nil {
		return nil, err
	}
	if err := c.noRecorder("conformance pack", putPackAPI); err != nil {
		return nil, err
	}
	rules, err := c.packRules(in)
	if err != nil {
		return nil, err
	}
	if bucket := str(in, "deliveryS3Bucket"); bucket != "" && c.S3.Buckets[bucket] == nil {
		return nil, configInvalid(putPackAPI, "The delivery bucket %s does not exist.", bucket)
	}
	more := len(rules)
	if p := c.Config.Packs[regional(c.Region, name)]; p != nil {
		more -= len(p.Rules)
	}
	if err := c.roomForRules(name, more); err != nil {
		return nil, err
	}
	p, err := c.packFor(name)
	if err != nil {
		return nil, err
	}
	c.linkRole(configConformsLinked)
	c.packMakes(p, rules)
	p.Properties = maps.Clone(in)
	delete(p.Properties, defaultsKey)
	p.Properties["arn"] = p.ARN
	return p.Properties, nil
}

// packRules are the rules of the pack's template. That of an object in S3 is not read:
// objects have no content here.
func (c *call) packRules(in props) ([]string, error) {
	uri := str(in, "templateS3Uri")
	if uri == "" {
		return readTemplate(c.Region, in)
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	denied := func(reason string) error {
		return refuse("InsufficientPermissionsException", fmt.Sprintf("The template %s cannot be read: %s", uri, reason), configAPI+putPackAPI+".html")
	}
	b := c.S3.Buckets[name]
	switch {
	case b == nil:
		return nil, denied("there is no such bucket")
	case b.Region != c.Region:
		return nil, denied(fmt.Sprintf("the bucket is in %s, the conformance pack in %s", b.Region, c.Region))
	}
	if err := c.s3Get(c.Caller, c.context(nil), b, "s3:GetObject", key); err != nil {
		return nil, denied(err.Error())
	}
	return nil, nil
}

// packFor is the pack of that name, made when there is none.
func (c *call) packFor(name string) (*configPack, error) {
	key := regional(c.Region, name)
	if p := c.Config.Packs[key]; p != nil {
		return p, nil
	}
	if countIn(c.Region, c.Config.Packs) >= packsPerRegion {
		return nil, refuse("MaxNumberOfConformancePacksExceededException", fmt.Sprintf("The account has %d conformance packs in %s already.", packsPerRegion, c.Region), configLimitsDoc)
	}
	p := &configPack{Name: name, ID: strings.ToLower(c.upperID(9))}
	p.ARN = c.arn("config", c.Region, c.ID, "conformance-pack/"+name+"/conformance-pack-"+p.ID)
	c.Config.Packs.put(key, p)
	return p, nil
}

// packMakes replaces the rules of a pack, for which there is room.
func (c *call) packMakes(p *configPack, names []string) {
	c.packDrops(p)
	for _, name := range names {
		r := c.newRule(name + "-conformance-pack-" + p.ID)
		r.CreatedBy = configConformsLinked
		r.Properties = props{"name": r.Name, "arn": r.ARN, "ruleId": r.ID}
		p.Rules = append(p.Rules, r.Name)
	}
}

func (c *call) packDrops(p *configPack) {
	for _, name := range p.Rules {
		delete(c.Config.Rules, regional(c.Region, name))
	}
	p.Rules = nil
}

func createPack(c *call, in props) (string, props, error) {
	out, err := c.putPack(in)
	return str(in, "name"), out, err
}

// readPack reports the template of the state: AWS Config does not give it back.
func readPack(c *call, id string, state props) (props, error) {
	p := c.Config.Packs[regional(c.Region, id)]
	if p == nil {
		return nil, errNotFound
	}
	out := maps.Clone(p.Properties)
	out["templateBody"], out["templateS3Uri"] = state["templateBody"], state["templateS3Uri"]
	return out, c.may("config:DescribeConformancePacks", p.ARN)
}

func updatePack(c *call, _ string, _, in props) (props, error) { return c.putPack(in) }

func deletePack(c *call, id string, _ props) error {
	key := regional(c.Region, id)
	p := c.Config.Packs[key]
	if p == nil {
		return errNotFound
	}
	if err := c.may("config:DeleteConformancePack", p.ARN); err != nil {
		return err
	}
	c.packDrops(p)
	delete(c.Config.Packs, key)
	return nil
}
