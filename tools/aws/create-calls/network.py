"""What Terraform's provider asks of EC2 for a network, type by type; a call's answer comes back from `yield`."""

from inputs import tagged

# Numbers of protocols, which the provider writes in rules of a network ACL.
PROTOCOLS = {"icmp": "1", "tcp": "6", "udp": "17", "all": "-1"}


def vpc(r):
    given = {"CidrBlock": r["cidrBlock"], "TagSpecifications": tagged("vpc", r["tags"])}
    made = (yield "ec2.CreateVpc", given)["Vpc"]
    for name in ("enableDnsSupport", "enableDnsHostnames"):
        yield "ec2.ModifyVpcAttribute", {"VpcId": made["VpcId"], name[0].upper() + name[1:]: {"Value": r[name]}}
    return {"id": made["VpcId"]}


def subnet(r):
    given = {
        "VpcId": r["vpcId"],
        "CidrBlock": r["cidrBlock"],
        "AvailabilityZone": r["availabilityZone"],
        "TagSpecifications": tagged("subnet", r["tags"]),
    }
    made = (yield "ec2.CreateSubnet", given)["Subnet"]
    value = {"Value": r["mapPublicIpOnLaunch"]}
    yield "ec2.ModifySubnetAttribute", {"SubnetId": made["SubnetId"], "MapPublicIpOnLaunch": value}
    return {"id": made["SubnetId"]}


def internet_gateway(r):
    made = yield "ec2.CreateInternetGateway", {"TagSpecifications": tagged("internet-gateway", r["tags"])}
    identity = made["InternetGateway"]["InternetGatewayId"]
    yield "ec2.AttachInternetGateway", {"InternetGatewayId": identity, "VpcId": r["vpcId"]}
    return {"id": identity}


def route_table(r):
    given = {"VpcId": r["vpcId"], "TagSpecifications": tagged("route-table", r["tags"])}
    return {"id": (yield "ec2.CreateRouteTable", given)["RouteTable"]["RouteTableId"]}


def route(r):
    table, network = r["routeTableId"], r["destinationCidrBlock"]
    yield "ec2.CreateRoute", {"RouteTableId": table, "DestinationCidrBlock": network, "GatewayId": r["gatewayId"]}
    return {"id": f"{table} {network}"}


def route_table_association(r):
    given = {"RouteTableId": r["routeTableId"], "SubnetId": r["subnetId"]}
    return {"id": (yield "ec2.AssociateRouteTable", given)["AssociationId"]}


def security_group(r):
    given = {
        "GroupName": r["name"],
        "Description": r["description"],
        "VpcId": r["vpcId"],
        "TagSpecifications": tagged("security-group", r["tags"]),
    }
    identity = (yield "ec2.CreateSecurityGroup", given)["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    yield "ec2.RevokeSecurityGroupEgress", {"GroupId": identity, "IpPermissions": [everything]}
    return {"id": identity}


def default_security_group(r):
    if r["ingress"] or r["egress"]:
        raise ValueError("the default group is written down as an empty one")
    vpc_id = r["vpcId"]
    filters = [{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [vpc_id]}]
    (group,) = (yield "ec2.DescribeSecurityGroups", {"Filters": filters})["SecurityGroups"]
    rules = {"Ingress": group["IpPermissions"], "Egress": group["IpPermissionsEgress"]}
    for way in (way for way, there in rules.items() if there):
        given = {"GroupId": group["GroupId"], "IpPermissions": rules[way]}
        yield f"ec2.RevokeSecurityGroup{way}", given
    tags = r["tags"]
    if tags:
        yield "ec2.CreateTags", {"Resources": [group["GroupId"]], "Tags": tagged("", tags)[0]["Tags"]}
    return {"id": group["GroupId"]}


def security_group_rule(way):
    def rule(r):
        text = r["description"]
        permission = {
            "IpProtocol": r["ipProtocol"],
            "FromPort": r["fromPort"],
            "ToPort": r["toPort"],
            "IpRanges": r["cidrIpv4"] and [{"CidrIp": r["cidrIpv4"], "Description": text}],
            "PrefixListIds": r["prefixListId"] and [{"PrefixListId": r["prefixListId"], "Description": text}],
        }
        given = {
            "GroupId": r["securityGroupId"],
            "IpPermissions": [permission],
            "TagSpecifications": tagged("security-group-rule", r["tags"]),
        }
        (made,) = (yield f"ec2.AuthorizeSecurityGroup{way}", given)["SecurityGroupRules"]
        return {"id": made["SecurityGroupRuleId"]}

    return rule


def managed_prefix_list(r):
    given = {
        "PrefixListName": r["name"],
        "AddressFamily": r["addressFamily"],
        "MaxEntries": r["maxEntries"],
        "Entries": [{"Cidr": one["cidr"], "Description": one["description"]} for one in r["entries"]],
        "TagSpecifications": tagged("prefix-list", r["tags"]),
    }
    return {"id": (yield "ec2.CreateManagedPrefixList", given)["PrefixList"]["PrefixListId"]}


def network_acl(r):
    given = {"VpcId": r["vpcId"], "TagSpecifications": tagged("network-acl", r["tags"])}
    identity = (yield "ec2.CreateNetworkAcl", given)["NetworkAcl"]["NetworkAclId"]
    for subnet_id in r["subnetIds"]:
        filters = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
        (before,) = (yield "ec2.DescribeNetworkAcls", {"Filters": filters})["NetworkAcls"]
        (link,) = [one for one in before["Associations"] if one["SubnetId"] == subnet_id]
        given = {"AssociationId": link["NetworkAclAssociationId"], "NetworkAclId": identity}
        yield "ec2.ReplaceNetworkAclAssociation", given
    return {"id": identity}


def network_acl_rule(r):
    protocol, acl, number, egress = r["protocol"], r["networkAclId"], r["ruleNumber"], r["egress"]
    icmp = {"Type": r["icmpType"], "Code": r["icmpCode"]}
    given = {
        "NetworkAclId": acl,
        "RuleNumber": number,
        "Protocol": PROTOCOLS[protocol],
        "RuleAction": r["ruleAction"],
        "Egress": egress,
        "CidrBlock": r["cidrBlock"],
        "PortRange": {"From": r["fromPort"], "To": r["toPort"]},
        "IcmpTypeCode": icmp if protocol == "icmp" else None,
    }
    yield "ec2.CreateNetworkAclEntry", given
    return {"id": f"{acl} {egress} {number}"}


def flow_log(r):
    given = {
        "ResourceIds": [r["vpcId"]],
        "ResourceType": "VPC",
        "TrafficType": r["trafficType"],
        "LogDestinationType": r["logDestinationType"],
        "LogDestination": r["logDestination"],
        "DeliverLogsPermissionArn": r["iamRoleArn"],
        "MaxAggregationInterval": r["maxAggregationInterval"],
        "TagSpecifications": tagged("vpc-flow-log", r["tags"]),
    }
    answer = yield "ec2.CreateFlowLogs", given
    if answer["Unsuccessful"]:
        raise ValueError(answer["Unsuccessful"][0]["Error"]["Message"])
    return {"id": answer["FlowLogIds"][0]}


CALLS = {
    "aws:ec2/vpc:Vpc": vpc,
    "aws:ec2/subnet:Subnet": subnet,
    "aws:ec2/internetGateway:InternetGateway": internet_gateway,
    "aws:ec2/routeTable:RouteTable": route_table,
    "aws:ec2/route:Route": route,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": route_table_association,
    "aws:ec2/securityGroup:SecurityGroup": security_group,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": default_security_group,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": security_group_rule("Ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": security_group_rule("Egress"),
    "aws:ec2/managedPrefixList:ManagedPrefixList": managed_prefix_list,
    "aws:ec2/networkAcl:NetworkAcl": network_acl,
    "aws:ec2/networkAclRule:NetworkAclRule": network_acl_rule,
    "aws:ec2/flowLog:FlowLog": flow_log,
}
