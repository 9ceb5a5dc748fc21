import type { ResourceTypes } from "./resource-type";

/** Another kind of source, such as a network in place of a prefix list, replaces a rule too; here a rule is named by its content. */
const rule = {
  replaces: ["securityGroupId"],
  id: "sgr-",
} as const;

/** Networks and what lets traffic through. */
export const network: ResourceTypes = {
  "aws:ec2/vpc:Vpc": { terraform: "aws_vpc", id: "vpc-", replaces: ["cidrBlock"] },
  "aws:ec2/internetGateway:InternetGateway": { terraform: "aws_internet_gateway", id: "igw-", replaces: [] },
  "aws:ec2/subnet:Subnet": {
    terraform: "aws_subnet",
    id: "subnet-",
    replaces: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"],
  },
  "aws:ec2/routeTable:RouteTable": {
    terraform: "aws_route_table",
    id: "rtb-",
    replaces: ["vpcId"],
    renamed: { routes: "route" },
  },
  "aws:ec2/route:Route": {
    terraform: "aws_route",
    id: "r-rtb-",
    replaces: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    terraform: "aws_route_table_association",
    id: "rtbassoc-",
    replaces: ["subnetId", "gatewayId"],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    terraform: "aws_default_security_group",
    id: "sg-",
    replaces: ["vpcId"],
  },
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": {
    terraform: "aws_default_network_acl",
    id: "acl-",
    replaces: ["defaultNetworkAclId"],
  },
  "aws:ec2/networkAcl:NetworkAcl": { terraform: "aws_network_acl", id: "acl-", replaces: ["vpcId"] },
  "aws:ec2/networkAclRule:NetworkAclRule": {
    terraform: "aws_network_acl_rule",
    id: "nacl-",
    replaces: [
      "networkAclId",
      "ruleNumber",
      "egress",
      "protocol",
      "ruleAction",
      "cidrBlock",
      "ipv6CidrBlock",
      "fromPort",
      "toPort",
      "icmpType",
      "icmpCode",
    ],
  },
  "aws:ec2/networkAclAssociation:NetworkAclAssociation": {
    terraform: "aws_network_acl_association",
    id: "aclassoc-",
    replaces: ["networkAclId", "subnetId"],
  },
  "aws:ec2/flowLog:FlowLog": {
    terraform: "aws_flow_log",
    checked: "ec2/vpc_flow_log.go",
    id: "fl-",
    replaces: [
      "vpcId",
      "subnetId",
      "eniId",
      "trafficType",
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "maxAggregationInterval",
    ],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    terraform: "aws_security_group",
    id: "sg-",
    replaces: ["name", "namePrefix", "description", "vpcId"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    terraform: "aws_vpc_security_group_ingress_rule",
    checked: "ec2/vpc_security_group_ingress_rule.go",
    ...rule,
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    terraform: "aws_vpc_security_group_egress_rule",
    ...rule,
  },
  "aws:ec2/managedPrefixList:ManagedPrefixList": {
    terraform: "aws_ec2_managed_prefix_list",
    id: "pl-",
    replaces: ["addressFamily"],
    renamed: { entries: "entry" },
  },
  "aws:ec2/networkInterface:NetworkInterface": {
    terraform: "aws_network_interface",
    id: "eni-",
    replaces: ["subnetId", "interfaceType"],
    renamed: { attachments: "attachment" },
  },
  "aws:ec2/eip:Eip": {
    terraform: "aws_eip",
    checked: "ec2/ec2_eip.go",
    id: "eipalloc-",
    replaces: ["domain", "address", "networkBorderGroup", "publicIpv4Pool", "ipamPoolId"],
  },
  "aws:ec2/eipAssociation:EipAssociation": {
    terraform: "aws_eip_association",
    id: "eipassoc-",
    replaces: [
      "allocationId",
      "allowReassociation",
      "instanceId",
      "networkInterfaceId",
      "privateIpAddress",
      "publicIp",
    ],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    terraform: "aws_vpc_endpoint",
    id: "vpce-",
    replaces: ["vpcId", "serviceName", "vpcEndpointType"],
  },
};
