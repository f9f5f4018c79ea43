package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// athenaState is what Amazon Athena keeps: workgroups under regional names, named queries under regional ids.
type athenaState struct {
	Workgroups table[athenaWorkgroup]
	Queries    table[athenaQuery]
}

type athenaWorkgroup struct {
	Name, Region string
	Properties   props
}

type athenaQuery struct {
	ID, Workgroup, Region string
	Properties            props
}

const (
	athenaWorkgroupDoc = "https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateWorkGroup.html"
	athenaConfigDoc    = "https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html"
	athenaDeleteDoc    = "https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html"
	athenaQueryDoc     = "https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html"
	athenaResultsDoc   = "https://docs.aws.amazon.com/athena/latest/ug/querying.html"
	athenaEngineDoc    = "https://docs.aws.amazon.com/athena/latest/ug/engine-versions.html"

	athenaPrimary     = "primary"  // the workgroup that every Region has
	athenaCutoffLeast = 10_485_760 // the provider's; AWS itself takes 10,000,000
	athenaNameMax     = 128
	athenaTextMax     = 1024
	athenaQueryMax    = 262_144 // bytes
)

var (
	athenaWorkgroupName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)
	athenaLocation      = regexp.MustCompile(`^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/.*)?$`)
	athenaEncryptions   = []string{"SSE_S3", "SSE_KMS", "CSE_KMS"}
	athenaEngines       = []string{"AUTO", "Athena engine version 3", "PySpark engine version 3"}
)

var athenaTypes = map[string]resourceType{
	"aws:athena/workgroup:Workgroup": {
		check:  checkWorkgroup,
		create: createWorkgroup,
		read:   readWorkgroup,
		update: updateWorkgroup,
		delete: deleteWorkgroup,
	},
	"aws:athena/namedQuery:NamedQuery": {
		check:  checkNamedQuery,
		create: createNamedQuery,
		read:   readNamedQuery,
		delete: deleteNamedQuery,
	},
}

func athenaInvalid(doc, format string, args ...any) error {
	return refuse("InvalidRequestException", fmt.Sprintf(format, args...), doc)
}

func checkWorkgroup(_ *call, in props) error {
	if name := str(in, "name"); name != "" && !athenaWorkgroupName.MatchString(name) {
		return athenaInvalid(athenaWorkgroupDoc, "name: %q: 1 to 128 letters, digits, dots, underscores and hyphens", name)
	}
	if len(str(in, "description")) > athenaTextMax {
		return athenaInvalid(athenaWorkgroupDoc, "description: longer than %d characters", athenaTextMax)
	}
	if state := str(in, "state"); state != "" && state != "ENABLED" && state != "DISABLED" {
		return athenaInvalid(athenaWorkgroupDoc, "state: %q is neither ENABLED nor DISABLED", state)
	}
	configuration := object(in, "configuration")
	if n, given := number(configuration["bytesScannedCutoffPerQuery"]); given && n < athenaCutoffLeast {
		return athenaInvalid(athenaConfigDoc, "configuration.bytesScannedCutoffPerQuery: expected to be at least (%d), got %.0f", athenaCutoffLeast, n)
	}
	if engine := str(object(configuration, "engineVersion"), "selectedEngineVersion"); engine != "" && !slices.Contains(athenaEngines, engine) {
		return athenaInvalid(athenaEngineDoc, "configuration.engineVersion.selectedEngineVersion: %q is none of %s", engine, strings.Join(athenaEngines, ", "))
	}
	return checkResultConfiguration(object(configuration, "resultConfiguration"))
}

func checkResultConfiguration(results props) error {
	if location := str(results, "outputLocation"); location != "" && !athenaLocation.MatchString(location) {
		return athenaInvalid(athenaResultsDoc, "outputLocation is not a valid S3 path: %q", location)
	}
	if owner := str(results, "expectedBucketOwner"); owner != "" && !accountIDPattern.MatchString(owner) {
		return athenaInvalid(athenaConfigDoc, "expectedBucketOwner: %q is no account id", owner)
	}
	if acl := str(object(results, "aclConfiguration"), "s3AclOption"); acl != "" && acl != "BUCKET_OWNER_FULL_CONTROL" {
		return athenaInvalid(athenaConfigDoc, "s3AclOption: %q is not BUCKET_OWNER_FULL_CONTROL", acl)
	}
	encryption := object(results, "encryptionConfiguration")
	option := str(encryption, "encryptionOption")
	switch {
	case option == "":
	case !slices.Contains(athenaEncryptions, option):
		return athenaInvalid(athenaConfigDoc, "encryptionOption: %q is none of %s", option, strings.Join(athenaEncryptions, ", "))
	case option == "SSE_S3" && present(encryption, "kmsKeyArn"):
		return athenaInvalid(athenaConfigDoc, "kmsKeyArn: SSE_S3 takes no KMS key")
	case option != "SSE_S3" && !present(encryption, "kmsKeyArn"):
		return athenaInvalid(athenaConfigDoc, "kmsKeyArn: %s needs a KMS key", option)
	}
	return nil
}

func (c *call) workgroupARN(name string) string {
	return c.arn("athena", c.Region, c.ID, "workgroup/"+name)
}

// resultsBucket demands the bucket that results are written to. Athena looks for it at the first query, the simulated
// account at deployment.
func (c *call) resultsBucket(in props) error {
	results := object(object(in, "configuration"), "resultConfiguration")
	match := athenaLocation.FindStringSubmatch(str(results, "outputLocation"))
	if match == nil {
		return nil
	}
	b := c.S3.Buckets[match[1]]
	if b == nil {
		return athenaInvalid(athenaResultsDoc, "Unable to verify/create output bucket %s", match[1])
	}
	if owner := str(results, "expectedBucketOwner"); owner != "" && owner != b.Owner {
		return athenaInvalid(athenaConfigDoc, "expectedBucketOwner: the bucket %s does not belong to account %s", b.Name, owner)
	}
	return nil
}

func createWorkgroup(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	if err := c.may("athena:CreateWorkGroup", c.workgroupARN(name)); err != nil {
		return "", nil, err
	}
	if name == athenaPrimary || c.Athena.Workgroups[regional(c.Region, name)] != nil {
		return "", nil, athenaInvalid(athenaWorkgroupDoc, "WorkGroup %s is already created", name)
	}
	if err := c.resultsBucket(in); err != nil {
		return "", nil, err
	}
	w := &athenaWorkgroup{Name: name, Region: c.Region, Properties: stored(in)}
	c.Athena.Workgroups.put(regional(c.Region, name), w)
	return name, c.workgroupOutputs(w), nil
}

func (c *call) workgroupOutputs(w *athenaWorkgroup) props {
	out := withDefaults(w.Properties, props{"state": "ENABLED", "forceDestroy": false})
	configuration := withDefaults(object(out, "configuration"), props{
		"enforceWorkgroupConfiguration": true, "publishCloudwatchMetricsEnabled": true, "requesterPaysEnabled": false,
	})
	out["configuration"] = configuration
	out["name"], out["arn"] = w.Name, c.workgroupARN(w.Name)
	return out
}

func readWorkgroup(c *call, id string, _ props) (props, error) {
	w, ok := c.Athena.Workgroups[regional(c.Region, id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("athena:GetWorkGroup", c.workgroupARN(id)); err != nil {
		return nil, err
	}
	return c.workgroupOutputs(w), nil
}

func updateWorkgroup(c *call, id string, _, in props) (props, error) {
	w, ok := c.Athena.Workgroups[regional(c.Region, id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("athena:UpdateWorkGroup", c.workgroupARN(id)); err != nil {
		return nil, err
	}
	if err := c.resultsBucket(in); err != nil {
		return nil, err
	}
	w.Properties = stored(in)
	return c.workgroupOutputs(w), nil
}

func deleteWorkgroup(c *call, id string, state props) error {
	if _, ok := c.Athena.Workgroups[regional(c.Region, id)]; !ok {
		return errNotFound
	}
	if err := c.may("athena:DeleteWorkGroup", c.workgroupARN(id)); err != nil {
		return err
	}
	var own []string
	for key, q := range c.Athena.Queries {
		if q.Workgroup == id && q.Region == c.Region {
			own = append(own, key)
		}
	}
	if len(own) > 0 && !flag(state, "forceDestroy", false) {
		return athenaInvalid(athenaDeleteDoc, "WorkGroup %s is not empty", id)
	}
	for _, key := range own {
		delete(c.Athena.Queries, key)
	}
	delete(c.Athena.Workgroups, regional(c.Region, id))
	return nil
}

func checkNamedQuery(_ *call, in props) error {
	for key, most := range map[string]int{"name": athenaNameMax, "description": athenaTextMax, "database": glueNameMax, "query": athenaQueryMax} {
		if text, given := in[key].(string); given && (len(text) > most || text == "" && key != "description") {
			return athenaInvalid(athenaQueryDoc, "%s: %d bytes; 1 to %d are allowed", key, len(text), most)
		}
	}
	return nil
}

func createNamedQuery(c *call, in props) (string, props, error) {
	workgroup := strOr(in, "workgroup", athenaPrimary)
	if err := c.may("athena:CreateNamedQuery", c.workgroupARN(workgroup)); err != nil {
		return "", nil, err
	}
	if workgroup != athenaPrimary && c.Athena.Workgroups[regional(c.Region, workgroup)] == nil {
		return "", nil, athenaInvalid(athenaQueryDoc, "WorkGroup %s is not found", workgroup)
	}
	properties := stored(in)
	properties["name"] = c.physicalName(in)
	q := &athenaQuery{ID: c.uuid(), Workgroup: workgroup, Region: c.Region, Properties: properties}
	c.Athena.Queries.put(regional(c.Region, q.ID), q)
	return q.ID, q.outputs(), nil
}

func (q *athenaQuery) outputs() props {
	return withDefaults(q.Properties, props{"workgroup": q.Workgroup})
}

func readNamedQuery(c *call, id string, _ props) (props, error) {
	q, ok := c.Athena.Queries[regional(c.Region, id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("athena:GetNamedQuery", c.workgroupARN(q.Workgroup)); err != nil {
		return nil, err
	}
	return q.outputs(), nil
}

func deleteNamedQuery(c *call, id string, _ props) error {
	q, ok := c.Athena.Queries[regional(c.Region, id)]
	if !ok {
		return errNotFound
	}
	if err := c.may("athena:DeleteNamedQuery", c.workgroupARN(q.Workgroup)); err != nil {
		return err
	}
	delete(c.Athena.Queries, regional(c.Region, id))
	return nil
}
