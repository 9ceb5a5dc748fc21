import { change, look, tags } from "./ec2-grants";
import { grant, type DeployActions } from "./grant";

const rules = look("DescribeSecurityGroupRules DescribeSecurityGroups");

/** Network and who may pass it. EC2 gives names of its own, so that these are narrowed to region and account. */
export const networkActions: DeployActions = {
  "aws:ec2/vpc:Vpc": [
    look("DescribeVpcs DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups"),
    change("CreateVpc DeleteVpc DescribeVpcAttribute ModifyVpcAttribute"),
    tags,
  ],
  "aws:ec2/subnet:Subnet": [
    look("DescribeSubnets DescribeNetworkInterfaces"),
    change("CreateSubnet DeleteSubnet ModifySubnetAttribute"),
    tags,
  ],
  "aws:ec2/internetGateway:InternetGateway": [
    look("DescribeInternetGateways"),
    change("CreateInternetGateway DeleteInternetGateway AttachInternetGateway DetachInternetGateway"),
    tags,
  ],
  "aws:ec2/routeTable:RouteTable": [look("DescribeRouteTables"), change("CreateRouteTable DeleteRouteTable"), tags],
  "aws:ec2/route:Route": [look("DescribeRouteTables"), change("CreateRoute ReplaceRoute DeleteRoute")],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    look("DescribeRouteTables"),
    change("AssociateRouteTable ReplaceRouteTableAssociation DisassociateRouteTable"),
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    look("DescribeSecurityGroups DescribeNetworkInterfaces"),
    change("CreateSecurityGroup DeleteSecurityGroup RevokeSecurityGroupIngress RevokeSecurityGroupEgress"),
    tags,
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    look("DescribeSecurityGroups"),
    change("RevokeSecurityGroupIngress RevokeSecurityGroupEgress"),
    tags,
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    rules,
    change("AuthorizeSecurityGroupIngress ModifySecurityGroupRules RevokeSecurityGroupIngress"),
    tags,
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    rules,
    change("AuthorizeSecurityGroupEgress ModifySecurityGroupRules RevokeSecurityGroupEgress"),
    tags,
  ],
  "aws:ec2/managedPrefixList:ManagedPrefixList": [
    look("DescribeManagedPrefixLists"),
    change("CreateManagedPrefixList ModifyManagedPrefixList DeleteManagedPrefixList GetManagedPrefixListEntries"),
    tags,
  ],
  "aws:ec2/networkAcl:NetworkAcl": [
    look("DescribeNetworkAcls"),
    change("CreateNetworkAcl DeleteNetworkAcl ReplaceNetworkAclAssociation DeleteNetworkAclEntry"),
    tags,
  ],
  "aws:ec2/networkAclRule:NetworkAclRule": [
    look("DescribeNetworkAcls"),
    change("CreateNetworkAclEntry ReplaceNetworkAclEntry DeleteNetworkAclEntry"),
  ],
  "aws:ec2/flowLog:FlowLog": [
    look("DescribeFlowLogs"),
    change("CreateFlowLogs DeleteFlowLogs"),
    grant("role", "iam", "PassRole", "passedToService"),
    tags,
  ],
  "aws:ec2/eip:Eip": [
    look("DescribeAddresses DescribeAddressesAttribute"),
    change("AllocateAddress ReleaseAddress DisassociateAddress"),
    tags,
  ],
  "aws:ec2/eipAssociation:EipAssociation": [look("DescribeAddresses"), change("AssociateAddress DisassociateAddress")],
  "aws:ec2/networkInterface:NetworkInterface": [
    look("DescribeNetworkInterfaces"),
    change(
      "CreateNetworkInterface DeleteNetworkInterface ModifyNetworkInterfaceAttribute AttachNetworkInterface DetachNetworkInterface",
    ),
    tags,
  ],
};
