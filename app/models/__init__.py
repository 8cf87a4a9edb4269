"""Tables and named queries."""

from app.models.api_token import ApiToken
from app.models.case_batch import CaseBatch, CaseBatchItem
from app.models.case_clock import CaseClock, CaseClockPause
from app.models.case_content import Attachment, AttachmentPreview, Comment, Look
from app.models.complaint_fact import ComplaintFact
from app.models.customer import (
    Consent,
    Customer,
    Vehicle,
    VehicleHolding,
    Visit,
    VisitImport,
    VisitImportRow,
)
from app.models.customer_file import CardRequest, CustomerCard, DuplicatePair, FileStep
from app.models.data_store import DataStore
from app.models.external_identity import ExternalIdentity
from app.models.external_task import ExternalTask
from app.models.feed_position import FeedPosition
from app.models.first_run import FirstRun
from app.models.follow_up_plan import FollowUpList, FollowUpListEntry, FollowUpSettings, PlannedFollowUp
from app.models.follow_up_result import FollowUpAnswer, FollowUpAttempt, FollowUpResult
from app.models.four_eyes import SecondPairOfEyes
from app.models.hand_over import HandOver, HandOverItem
from app.models.history import Erasure, HistoryEvent, HistoryPending, HistorySeal, HistorySealEntry
from app.models.issued_report import IssuedReport, ReportDraft
from app.models.job import Incident, Job, Message, MessageSubscription, SuspendedJobDefinition
from app.models.kept_answer import KeptAnswer
from app.models.key_store import SigningKey, SubjectKey
from app.models.measure import Measure
from app.models.notification import Notification, NotificationHours, NotificationPreference
from app.models.organisation import Department, DepartmentMember, Group, Membership, Site, User
from app.models.outgoing import OutgoingMessage, OutgoingSwitch, WebhookAttempt, WebhookSubscription
from app.models.password_link import PasswordLink
from app.models.process_definition import Deployment, DeploymentResource, ProcessAccess, ProcessDefinition
from app.models.process_instance import (
    ActivityInstance,
    CaseNumber,
    Execution,
    FlowTaken,
    InstanceState,
    ProcessInstance,
    Variable,
)
from app.models.questionnaire import Questionnaire, QuestionnaireVersion
from app.models.saved_filter import SavedFilter
from app.models.search_index import SearchCase, SearchEntry
from app.models.second_factor import RecoveryCode, SecondFactor
from app.models.sign_in import SignInThrottle, WebSession
from app.models.sign_in_place import SignInPlace
from app.models.substitution import Substitution, SubstitutionProcess
from app.models.user_import import UserImport, UserImportRow
from app.models.user_task import Draft, UserTask, UserTaskCandidate
from app.models.working_calendar import CalendarDay, WorkingHours

__all__ = [
    "ActivityInstance",
    "ApiToken",
    "Attachment",
    "AttachmentPreview",
    "CalendarDay",
    "CardRequest",
    "CaseBatch",
    "CaseBatchItem",
    "CaseClock",
    "CaseClockPause",
    "CaseNumber",
    "Comment",
    "ComplaintFact",
    "Consent",
    "Customer",
    "CustomerCard",
    "DataStore",
    "Department",
    "DepartmentMember",
    "Deployment",
    "DeploymentResource",
    "Draft",
    "DuplicatePair",
    "Erasure",
    "Execution",
    "ExternalIdentity",
    "ExternalTask",
    "FeedPosition",
    "FileStep",
    "FirstRun",
    "FlowTaken",
    "FollowUpAnswer",
    "FollowUpAttempt",
    "FollowUpList",
    "FollowUpListEntry",
    "FollowUpResult",
    "FollowUpSettings",
    "Group",
    "HandOver",
    "HandOverItem",
    "HistoryEvent",
    "HistoryPending",
    "HistorySeal",
    "HistorySealEntry",
    "Incident",
    "InstanceState",
    "IssuedReport",
    "Job",
    "KeptAnswer",
    "Look",
    "Measure",
    "Membership",
    "Message",
    "MessageSubscription",
    "Notification",
    "NotificationHours",
    "NotificationPreference",
    "OutgoingMessage",
    "OutgoingSwitch",
    "PasswordLink",
    "PlannedFollowUp",
    "ProcessAccess",
    "ProcessDefinition",
    "ProcessInstance",
    "Questionnaire",
    "QuestionnaireVersion",
    "RecoveryCode",
    "ReportDraft",
    "SavedFilter",
    "SearchCase",
    "SearchEntry",
    "SecondFactor",
    "SecondPairOfEyes",
    "SignInPlace",
    "SignInThrottle",
    "SigningKey",
    "Site",
    "SubjectKey",
    "Substitution",
    "SubstitutionProcess",
    "SuspendedJobDefinition",
    "User",
    "UserImport",
    "UserImportRow",
    "UserTask",
    "UserTaskCandidate",
    "Variable",
    "Vehicle",
    "VehicleHolding",
    "Visit",
    "VisitImport",
    "VisitImportRow",
    "WebSession",
    "WebhookAttempt",
    "WebhookSubscription",
    "WorkingHours",
]
