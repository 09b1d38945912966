"""The texts of messages, in both languages, and the parameters each takes. A message keeps its template's name and parameters, never the text."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.foundation.errors import InvalidInput
from ansinh.notices.states import CHANNELS

PARAMETER_LENGTH_MAX = 100
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Text:
    """A message's text with `{parameters}`; nothing in it, nor in the parameters, is a number that names a person. `channels`: by which it may go."""

    parameters: frozenset[str]
    vi: str
    en: str
    channels: tuple[str, ...] = tuple(CHANNELS)


TEXTS: dict[str, Text] = {
    "card_issued": Text(
        frozenset({"valid_from", "valid_until"}),
        "BHXH: Thẻ bảo hiểm y tế của ông/bà đã được cấp, có giá trị từ {valid_from} đến {valid_until}. Khi đi khám chỉ cần thẻ căn cước.",
        "Social security: your health-insurance card has been issued, valid from {valid_from} to {valid_until}. At the hospital show your citizen card.",
    ),
    "identity_verified": Text(
        frozenset({"verified_on"}),
        "BHXH: Thông tin của ông/bà đã được xác thực với Cơ sở dữ liệu quốc gia về dân cư ngày {verified_on}.",
        "Social security: your record was authenticated against the population register on {verified_on}.",
    ),
    "record_opened": Text(
        frozenset({"facility", "opened_at"}),
        "BHXH: {facility} đã tra cứu thẻ bảo hiểm y tế của ông/bà lúc {opened_at}. Nếu không phải ông/bà đi khám, hãy báo cho cơ quan BHXH.",
        "Social security: {facility} looked up your health-insurance card at {opened_at}. If you were not there, tell the agency.",
    ),
    "file_late": Text(
        frozenset({"file", "due_on", "new_due_on"}),
        "BHXH: Hồ sơ số {file} của ông/bà chưa giải quyết xong đúng hẹn ngày {due_on}. Chúng tôi xin lỗi và hẹn trả kết quả ngày {new_due_on}.",
        "Social security: your file {file} was not decided by {due_on}. We apologise; it will be decided by {new_due_on}.",
    ),
    "file_received": Text(
        frozenset({"file", "due_on"}),
        "BHXH: Đã tiếp nhận hồ sơ số {file} của ông/bà. Hẹn trả lời ngày {due_on}. Xem tiến độ trên ứng dụng hoặc hỏi nơi nộp.",
        "Social security: your file {file} was received. You will have an answer on {due_on}. Follow it in the app, or ask where you filed it.",
    ),
    "file_received_late": Text(
        frozenset({"file", "due_on"}),
        "BHXH: Đã tiếp nhận hồ sơ số {file} của ông/bà. Chúng tôi xin lỗi vì giấy tiếp nhận gửi quá hai giờ làm việc. Hẹn trả lời ngày {due_on}.",
        "Social security: your file {file} was received. We apologise that this receipt took more than two working hours. Answer by {due_on}.",
    ),
    "retirement_invited": Text(
        frozenset({"month", "file"}),
        "BHXH: Ông/bà đến tuổi nghỉ hưu tháng {month} và đủ điều kiện hưởng lương hưu. Hồ sơ số {file} đã mở sẵn; chỉ cần báo ngày nghỉ việc.",
        "Social security: you reach retirement age in {month} and have a right to a pension. File {file} is open; only tell us your last day of work.",
    ),
    "retirement_not_yet": Text(
        frozenset({"month"}),
        "BHXH: Ông/bà đến tuổi nghỉ hưu tháng {month} nhưng chưa đủ điều kiện hưởng lương hưu. Cơ quan BHXH nơi cư trú sẽ giải thích và tư vấn các lựa chọn.",
        "Social security: you reach retirement age in {month} but have no right to a pension yet. Your office explains why and what you can do.",
    ),
    "pupil_card": Text(
        frozenset({"valid_from", "valid_until"}),
        "BHXH: Con ông/bà được cấp thẻ bảo hiểm y tế học sinh nối tiếp thẻ trẻ em, có giá trị từ {valid_from} đến trước {valid_until}.",
        "Social security: your child has a pupil's health card that follows the child's card, valid from {valid_from} to before {valid_until}.",
    ),
    "job_lost": Text(
        frozenset({"last_on", "until"}),
        "BHXH: Đơn vị đã báo ông/bà thôi việc sau ngày {last_on}. Nếu cần trợ cấp thất nghiệp, hãy nộp hồ sơ chậm nhất ngày {until}.",
        "Social security: your employer reported that you left after {last_on}. To ask for unemployment benefit, file by {until} at the latest.",
    ),
    "moved_choose_facility": Text(
        frozenset({"file", "opens", "until"}),
        "BHXH: Ông/bà đã chuyển sang tỉnh khác. Hồ sơ số {file}: có thể chọn nơi khám chữa bệnh ban đầu mới, đổi từ {opens} đến {until}.",
        "Social security: you moved to another province. File {file}: you may choose another first-contact facility, changed from {opens} to {until}.",
    ),
    "application_received": Text(
        frozenset({"receipt", "due_on"}),
        "BHXH: Đã nhận hồ sơ trực tuyến của ông/bà, mã tiếp nhận {receipt}, hẹn trả kết quả ngày {due_on}. Theo dõi tại mục Hồ sơ của tôi.",
        "Social security: your online application was received under {receipt}; the answer is due on {due_on}. Follow it under My applications.",
    ),
    "supplement_wanted": Text(
        frozenset({"receipt", "until"}),
        "BHXH: Hồ sơ {receipt} cần ông/bà bổ sung, chậm nhất ngày {until}. Xem nội dung cần bổ sung tại mục Hồ sơ của tôi hoặc bộ phận một cửa.",
        "Social security: application {receipt} needs a supplement from you by {until}. See what is wanted under My applications or at the counter.",
    ),
    "application_decided": Text(
        frozenset({"receipt", "state_vi", "state_en"}),
        "BHXH: Hồ sơ {receipt} của ông/bà {state_vi}. Xem và tải kết quả tại mục Hồ sơ của tôi.",
        "Social security: your application {receipt} was {state_en}. See and download the result under My applications.",
    ),
    "account_code": Text(
        frozenset({"code"}),
        "BHXH: {code} là mã xác nhận tài khoản nhận lương hưu, trợ cấp của ông/bà, có hiệu lực 10 phút. Không đưa mã này cho bất kỳ ai.",
        "Social security: {code} confirms the account your pension or allowance is paid to; it is valid for 10 minutes. Give it to nobody.",
        # Good for minutes, and only in the owner's hand.
        ("app", "sms"),
    ),
    "appointment_due": Text(
        frozenset({"facility", "due_on", "valid_until"}),
        "BHXH: Ông/bà có lịch hẹn khám lại ngày {due_on} tại {facility}. Giấy hẹn dùng được đến hết ngày {valid_until}. Khi đi mang thẻ căn cước.",
        "Social security: you are asked back on {due_on} at {facility}. The slip is good through {valid_until}. Bring your citizen card.",
    ),
    "health_book_opened": Text(
        frozenset({"facility", "opened_at"}),
        "BHXH: {facility} đã mở khẩn cấp sổ sức khỏe của ông/bà lúc {opened_at}. Nếu ông/bà không cấp cứu ở đó, hãy báo ngay cho cơ quan BHXH.",
        "Social security: {facility} opened your health book in an emergency at {opened_at}. If you were not treated there, tell the agency at once.",
    ),
    "recovery_demanded": Text(
        frozenset({"amount"}),
        "BHXH: Ông/bà đã nhận thừa {amount} đồng lương hưu, trợ cấp và cần nộp lại. Cơ quan BHXH nơi chi trả sẽ hướng dẫn; không chuyển tiền cho người lạ.",
        "Social security: you were paid {amount} đồng more than was owed; it has to be paid back. Your office tells you how; never pay a stranger.",
    ),
    "mandate_offered": Text(
        frozenset(),
        "BHXH: Có người đề nghị ông/bà làm thủ tục BHXH thay họ. Vào mục Gia đình trên cổng dịch vụ để xem và trả lời.",
        "Social security: somebody asks you to act for them. Open Family on the portal to see it and to answer.",
    ),
    "mandate_in_force": Text(
        frozenset(),
        "BHXH: Một ủy quyền hoặc giám hộ có ông/bà tham gia đã có hiệu lực. Xem ở mục Gia đình; có thể chấm dứt ủy quyền bất cứ lúc nào.",
        "Social security: a mandate or guardianship that concerns you is in force. See Family; a mandate can be ended at any time.",
    ),
    "confirmation_wanted": Text(
        frozenset({"until"}),
        "BHXH: Người thân nộp hồ sơ và đề nghị ông/bà xác nhận, chậm nhất ngày {until}. Vào mục Xác nhận cho người thân trên cổng, hoặc đến nơi nộp hồ sơ.",
        "Social security: a relative filed and asks you to confirm, by {until}. Open Confirm for a relative on the portal, or go where it was filed.",
    ),
    "confirmation_missing": Text(
        frozenset({"file"}),
        "BHXH: Hồ sơ số {file}: người thân không xác nhận hoặc chưa trả lời đúng hạn. Ông/bà có thể nộp giấy đồng ý có chữ ký tại nơi nộp hồ sơ.",
        "Social security: file {file}: a relative declined, or did not answer in time. You may hand in a signed consent where you filed.",
    ),
    "mandate_ended": Text(
        frozenset(),
        "BHXH: Một ủy quyền hoặc giám hộ có ông/bà tham gia đã chấm dứt. Xem ở mục Gia đình trên cổng dịch vụ.",
        "Social security: a mandate or guardianship that concerns you has ended. See Family on the portal.",
    ),
    "data_request_answered": Text(
        frozenset({"request"}),
        "BHXH: Yêu cầu số {request} của ông/bà về dữ liệu cá nhân đã có trả lời. Xem ở mục Dữ liệu của tôi trên cổng dịch vụ.",
        "Social security: your request {request} about personal data has been answered. See My data on the portal.",
    ),
    "data_request_late": Text(
        frozenset({"request", "due_on"}),
        "BHXH: Yêu cầu số {request} của ông/bà về dữ liệu cá nhân chưa được trả lời đúng hẹn ngày {due_on}. Chúng tôi xin lỗi và đang giải quyết.",
        "Social security: your request {request} about personal data was not answered by {due_on}. We apologise and are working on it.",
    ),
    "payment_sent": Text(
        frozenset({"month"}),
        "BHXH: Lương hưu, trợ cấp tháng {month} của ông/bà đã được chuyển.",
        "Social security: your pension or allowance for {month} has been paid out.",
    ),
}


def checked(template: str, parameters: dict[str, str]) -> Text:
    """Return the template's text; raises InvalidInput for an unknown template, missing or extra parameters, or a value that is no plain short text."""
    text = TEXTS.get(template)
    if text is None:
        raise InvalidInput(
            f"Không có mẫu tin nhắn “{template}”.", f"There is no message template “{template}”.", field="template"
        )
    if parameters.keys() != text.parameters:
        wanted = ", ".join(sorted(text.parameters))
        raise InvalidInput(
            f"Mẫu “{template}” cần đúng các tham số: {wanted}.",
            f"The template “{template}” takes exactly: {wanted}.",
            field="parameters",
        )
    for name, value in parameters.items():
        if not (0 < len(value) <= PARAMETER_LENGTH_MAX and value.isprintable()):
            raise InvalidInput(
                f"Tham số “{name}” phải là một dòng chữ không quá {PARAMETER_LENGTH_MAX} ký tự.",
                f"The parameter “{name}” must be one line of at most {PARAMETER_LENGTH_MAX} characters.",
                field=name,
            )
    return text


def rendered(template: str, parameters: dict[str, str], language: str) -> str:
    """Return the text to send; raises InvalidInput as `checked` does. Braces inside values stay as they are."""
    text = checked(template, parameters)
    return (text.vi if language == "vi" else text.en).format_map(parameters)
