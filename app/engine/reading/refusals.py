"""What BPMN or Camunda 7 know and this engine refuses, each with what to do instead."""

from __future__ import annotations

from collections.abc import Mapping

from app.i18n import N_

_PYTHON_OR_JAVA = N_("Code is not executed. Use a camunda:connector, an external topic, or FEEL.")
_LISTENER = N_("Listeners are not executed. Set variables in a script task or an output mapping.")
_FORM_FIELDS = N_("Fields in the diagram are not shown. Make a form and name it in camunda:formKey.")
_ASSIGNMENT = N_("Write who may do a user task in a resourceAssignmentExpression or in camunda:candidateGroups.")
_IO_RULES = N_("Which output set fits which input set is not asked for. Remove it.")
_WHILE = N_("Data is read when an activity begins and written when it ends. Name it in the set itself.")
_OWN_DECISIONS = N_("A case asks decisions of its own deployment only. Remove it.")
_PRIORITY = N_("Jobs run in the order of their due time, the kinds in turn, so that none waits for ever. Remove it.")

ELEMENTS: Mapping[str, str] = {
    "bpmn:callChoreography": N_("Choreographies are not executed. Draw processes that send each other messages."),
    "bpmn:choreography": N_("Choreographies are not executed. Draw processes that send each other messages."),
    "bpmn:choreographyTask": N_("Choreographies are not executed. Draw processes that send each other messages."),
    "bpmn:conversation": N_("Conversations are not executed. Draw message flows."),
    "bpmn:correlationKey": N_("Use the camunda:property correlationKey of the message."),
    "bpmn:correlationProperty": N_("Use the camunda:property correlationKey of the message."),
    "bpmn:correlationSubscription": N_("Use the camunda:property correlationKey of the message."),
    "bpmn:extension": N_("Extensions that must be understood are not. Remove it."),
    "bpmn:implicitThrowEvent": N_("Use an intermediate throw event."),
    "bpmn:import": N_("Put everything that belongs together into one file."),
    "bpmn:interface": N_("Service interfaces are not called. Use a camunda:connector."),
    "bpmn:inputSetRefs": _IO_RULES,
    "bpmn:ioBinding": N_("Service interfaces are not called. Use a camunda:connector."),
    "bpmn:operation": N_("Service interfaces are not called. Use a camunda:connector."),
    "bpmn:operationRef": N_("Service interfaces are not called. Use a camunda:connector."),
    "bpmn:outputSetRefs": _IO_RULES,
    "bpmn:resource": _ASSIGNMENT,
    "bpmn:resourceParameterBinding": _ASSIGNMENT,
    "bpmn:resourceRef": _ASSIGNMENT,
    "bpmn:resourceRole": _ASSIGNMENT,
    "bpmn:subChoreography": N_("Choreographies are not executed. Draw processes that send each other messages."),
    "bpmn:supports": N_("Service interfaces are not called. Use a camunda:connector."),
    "bpmn:whileExecutingInputRefs": _WHILE,
    "bpmn:whileExecutingOutputRefs": _WHILE,
    "camunda:constraint": _FORM_FIELDS,
    "camunda:executionListener": _LISTENER,
    "camunda:field": _PYTHON_OR_JAVA,
    "camunda:formData": _FORM_FIELDS,
    "camunda:formField": _FORM_FIELDS,
    "camunda:formProperty": _FORM_FIELDS,
    "camunda:potentialStarter": N_("Use camunda:candidateStarterGroups."),
    "camunda:taskListener": _LISTENER,
    "camunda:validation": _FORM_FIELDS,
}

# Elements that are executed elsewhere.
PLACES: Mapping[tuple[str, str], str] = {
    ("bpmn:intermediateCatchEvent", "bpmn:compensateEventDefinition"): N_(
        "Put it on the boundary of the activity that is undone."
    ),
    ("bpmn:intermediateCatchEvent", "bpmn:errorEventDefinition"): N_("Put it on the boundary of an activity."),
    ("bpmn:intermediateCatchEvent", "bpmn:escalationEventDefinition"): N_("Put it on the boundary of an activity."),
    ("bpmn:intermediateCatchEvent", "bpmn:cancelEventDefinition"): N_("Put it on the boundary of a transaction."),
    ("bpmn:intermediateThrowEvent", "bpmn:cancelEventDefinition"): N_("Only an end event in a transaction cancels it."),
    ("bpmn:intermediateThrowEvent", "bpmn:errorEventDefinition"): N_("Only an end event throws an error."),
    ("bpmn:intermediateThrowEvent", "bpmn:terminateEventDefinition"): N_("Only an end event terminates."),
    ("bpmn:intermediateThrowEvent", "bpmn:timerEventDefinition"): N_("Use an intermediate catch event."),
    ("bpmn:intermediateThrowEvent", "bpmn:conditionalEventDefinition"): N_("Use an intermediate catch event."),
    ("bpmn:endEvent", "bpmn:linkEventDefinition"): N_("Use an intermediate throw event."),
    ("bpmn:boundaryEvent", "bpmn:linkEventDefinition"): N_("Use a sequence flow or an intermediate event."),
    ("bpmn:subProcess", "bpmn:ioSpecification"): N_("A subprocess sees the data around it. Remove it."),
}

ATTRIBUTES: Mapping[str, str] = {
    "camunda:calledElementTenantId": N_("A case calls processes of its own deployment only. Remove it."),
    "camunda:calledElementVersion": N_("A case calls processes of its own deployment only. Remove it."),
    "camunda:calledElementVersionTag": N_("A case calls processes of its own deployment only. Remove it."),
    "camunda:candidateStarterUsers": N_("Use camunda:candidateStarterGroups."),
    "camunda:caseRef": N_("Call a process: set calledElement."),
    "camunda:class": _PYTHON_OR_JAVA,
    "camunda:decisionRefTenantId": _OWN_DECISIONS,
    "camunda:decisionRefVersion": _OWN_DECISIONS,
    "camunda:decisionRefVersionTag": _OWN_DECISIONS,
    "camunda:delegateExpression": _PYTHON_OR_JAVA,
    "camunda:expression": _PYTHON_OR_JAVA,
    "camunda:formHandlerClass": _PYTHON_OR_JAVA,
    "camunda:formRefVersion": N_("A case uses the forms of its own deployment only. Remove it."),
    "camunda:jobPriority": _PRIORITY,
    "camunda:resource": N_("Write the script into the diagram."),
    "camunda:taskPriority": _PRIORITY,
    "camunda:variableMappingClass": _PYTHON_OR_JAVA,
    "camunda:variableMappingDelegateExpression": _PYTHON_OR_JAVA,
    "protocol": N_("Transactions are undone by compensation, without a protocol between programs. Remove it."),
    "operationRef": N_("Service interfaces are not called. Use a camunda:connector."),
}

# For values of attributes that are executed with some values only.
VALUES: Mapping[str, str] = {
    "camunda:calledElementBinding": N_("A case calls processes of its own deployment only. Set it to deployment."),
    "camunda:decisionRefBinding": N_("A case asks decisions of its own deployment only. Set it to deployment."),
    "camunda:exclusive": N_("Set it to true: of a case one job runs at a time."),
    "camunda:formRefBinding": N_("A case uses the forms of its own deployment only. Set it to deployment."),
    "camunda:type": N_("Set it to external, with a camunda:topic, or use a camunda:connector."),
    "eventGatewayType": N_("A gateway waits for one of its events, or for all. Set it to Exclusive or Parallel."),
    "expressionLanguage": N_("Expressions are FEEL. Remove it."),
    "method": N_("Transactions are undone by compensation. Remove it, and draw what undoes each activity."),
    "language": N_("Expressions are FEEL. Remove it."),
}
