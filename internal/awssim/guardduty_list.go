package awssim

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// guarddutyList is a list of trusted or of malicious addresses.
type guarddutyList struct {
	Name, Format, Location string
	Active                 bool
	Tags                   map[string]string
}

const (
	listsDoc    = guarddutyGuide + "guardduty_upload-lists.html"
	listNameMax = 300
)

var listFormats = []string{"TXT", "STIX", "OTX_CSV", "ALIEN_VAULT", "PROOF_POINT", "FIRE_EYE"}

// listKind is one of the two kinds of lists, which differ in names and quota.
type listKind struct {
	api   string // what the names of the API's operations end in
	what  string // for messages
	place string // in ARNs
	most  int    // in an account and Region
	of    func(*guarddutyDetector) *table[guarddutyList]
}

var (
	trustedIPs = listKind{"IPSet", "trusted IP lists", "ipset", 1,
		func(d *guarddutyDetector) *table[guarddutyList] { return &d.IPSets }}
	threatLists = listKind{"ThreatIntelSet", "threat lists", "threatintelset", 6,
		func(d *guarddutyDetector) *table[guarddutyList] { return &d.ThreatLists }}
)

func (k listKind) resourceType() resourceType {
	return resourceType{check: k.check, create: k.create, read: k.read, update: k.update, delete: k.delete}
}

func (k listKind) check(_ *call, in props) error {
	doc := guarddutyAPI + "Create" + k.api + ".html"
	if n := len([]rune(str(in, "name"))); n > listNameMax {
		return refuse("BadRequestException", fmt.Sprintf("name: has %d characters; at most %d are allowed", n, listNameMax), doc)
	}
	if err := oneOf(in, "format", "BadRequestException", doc, listFormats...); err != nil {
		return err
	}
	if location := str(in, "location"); location != "" {
		if bucket, key := listObject(location); bucket == "" || key == "" {
			return guarddutyRejects("Create"+k.api, "the location %q names no object in S3: expected s3://BUCKET/KEY or https://s3.amazonaws.com/BUCKET/KEY.", location)
		}
	}
	return nil
}

// listObject is the object in S3 that a location names, in any form of its address.
// https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateIPSet.html
func listObject(location string) (bucket, key string) {
	u, err := url.Parse(location)
	if err != nil {
		return "", ""
	}
	path := strings.TrimPrefix(u.Path, "/")
	switch {
	case u.Scheme == "s3":
		return u.Host, path
	case u.Scheme != "https":
		return "", ""
	case strings.HasPrefix(u.Host, "s3.") || strings.HasPrefix(u.Host, "s3-"):
		bucket, key, _ = strings.Cut(path, "/")
		return bucket, key
	}
	bucket, rest, virtual := strings.Cut(u.Host, ".s3")
	if !virtual || !strings.Contains(rest, ".amazonaws.com") {
		return "", ""
	}
	return bucket, path
}

// readable refuses a list that GuardDuty cannot read. Buckets of other accounts are
// taken to let it.
func (k listKind) readable(c *call, location string) error {
	bucket, key := listObject(location)
	b := c.S3.Buckets[bucket]
	if b == nil {
		return guarddutyRejects("Create"+k.api, "the location %s cannot be read: there is no bucket %s.", location, bucket)
	}
	if versions := b.Objects[key]; b.Owner == c.ID && (len(versions) == 0 || versions[len(versions)-1].DeleteMarker) {
		return guarddutyRejects("Create"+k.api, "the location %s cannot be read: there is no object %s in bucket %s.", location, key, bucket)
	}
	return nil
}

func (k listKind) configure(in props) guarddutyList {
	return guarddutyList{str(in, "name"), str(in, "format"), str(in, "location"), flag(in, "activate", false), stringMap(in, "tags")}
}

func (k listKind) props(d *guarddutyDetector, id string) props {
	l := (*k.of(d))[id]
	return props{
		"arn": d.ARN + "/" + k.place + "/" + id, "detectorId": d.ID, "name": l.Name, "format": l.Format, "location": l.Location,
		"activate": l.Active, "tags": l.Tags,
	}
}

// mayPut are the rights to make or change a list: GuardDuty gives its service-linked
// role the right to read it.
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_upload-lists.html
func (k listKind) mayPut(c *call, action, resource string) error {
	if err := c.may("guardduty:"+action+k.api, resource); err != nil {
		return err
	}
	return c.may("iam:PutRolePolicy", c.iamARN("role", "/aws-service-role/"+guarddutyService+"/", linkedRoles[guarddutyService].role))
}

func (k listKind) create(c *call, in props) (string, props, error) {
	d, err := c.detector(str(in, "detectorId"), "Create"+k.api)
	if err != nil {
		return "", nil, err
	}
	if err := k.mayPut(c, "Create", d.ARN); err != nil {
		return "", nil, err
	}
	lists := k.of(d)
	if len(*lists) >= k.most {
		return "", nil, guarddutyBeyondLimit(k.what, k.most)
	}
	l := k.configure(in)
	if slices.ContainsFunc(sortedKeys(*lists), func(id string) bool { return (*lists)[id].Name == l.Name }) {
		return "", nil, guarddutyRejects("Create"+k.api, "a list with the given name already exists: %s.", l.Name)
	}
	if err := k.readable(c, l.Location); err != nil {
		return "", nil, err
	}
	id := c.hexID(32)
	lists.put(id, &l)
	return d.ID + ":" + id, k.props(d, id), nil
}

func (k listKind) list(c *call, id string) (*guarddutyDetector, string) {
	d, name := c.ofDetector(id, ":")
	if d == nil || (*k.of(d))[name] == nil {
		return nil, name
	}
	return d, name
}

func (k listKind) read(c *call, id string, _ props) (props, error) {
	d, name := k.list(c, id)
	if d == nil {
		return nil, errNotFound
	}
	return k.props(d, name), c.may("guardduty:Get"+k.api, d.ARN+"/"+k.place+"/"+name)
}

func (k listKind) update(c *call, id string, _, in props) (props, error) {
	d, name := k.list(c, id)
	if d == nil {
		return nil, guarddutyRejects("Update"+k.api, "no such resource found: %s.", name)
	}
	if err := k.mayPut(c, "Update", d.ARN+"/"+k.place+"/"+name); err != nil {
		return nil, err
	}
	l := k.configure(in)
	if err := k.readable(c, l.Location); err != nil {
		return nil, err
	}
	*(*k.of(d))[name] = l
	return k.props(d, name), nil
}

func (k listKind) delete(c *call, id string, _ props) error {
	d, name := k.list(c, id)
	if d == nil {
		return errNotFound
	}
	if err := c.may("guardduty:Delete"+k.api, d.ARN+"/"+k.place+"/"+name); err != nil {
		return err
	}
	delete(*k.of(d), name)
	return nil
}
